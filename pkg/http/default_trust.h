#pragma once

#include <string>
#include <vector>

namespace coreflow::http {

// cpprestsdk loads OpenSSL's default authorities for every connection, 30 ms of CPU each, though ours replace them.
// This points SSL_CERT_FILE and SSL_CERT_DIR of this process at nothing, once; later calls do nothing. Not safe beside
// threads that read the environment.
void SwitchOffDefaultTrust();

// Where the system's authorities are, whether they are switched off or not.
struct DefaultTrust {
  std::string file;
  std::string directory;
};
DefaultTrust SystemTrust();

// The environment for a program that we start, "NAME=value": ours, with SSL_CERT_FILE and SSL_CERT_DIR as they were
// before they were switched off. Thread-safe.
std::vector<std::string> ChildEnvironment();

}  // namespace coreflow::http
