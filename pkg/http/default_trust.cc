#include "pkg/http/default_trust.h"

#include <openssl/x509.h>
#include <unistd.h>

#include <cstdlib>
#include <mutex>
#include <optional>
#include <string_view>

namespace coreflow::http {

namespace {

constexpr const char* kFile = "SSL_CERT_FILE";
constexpr const char* kDirectory = "SSL_CERT_DIR";
constexpr const char* kNothing = "/nonexistent/coreflow-trusts-only-what-it-is-told";

std::optional<std::string> FromEnvironment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

// What the two variables were before SwitchOffDefaultTrust().
struct Before {
  bool switched_off = false;
  std::optional<std::string> file;
  std::optional<std::string> directory;
};

std::mutex mu;
Before before;  // guarded by mu

}  // namespace

void SwitchOffDefaultTrust() {
  std::lock_guard lock(mu);
  if (before.switched_off) return;
  before = {.switched_off = true, .file = FromEnvironment(kFile), .directory = FromEnvironment(kDirectory)};
  ::setenv(kFile, kNothing, 1);
  ::setenv(kDirectory, kNothing, 1);
}

DefaultTrust SystemTrust() {
  std::lock_guard lock(mu);
  auto file = before.switched_off ? before.file : FromEnvironment(kFile);
  auto directory = before.switched_off ? before.directory : FromEnvironment(kDirectory);
  return {.file = file.value_or(X509_get_default_cert_file()),
          .directory = directory.value_or(X509_get_default_cert_dir())};
}

std::vector<std::string> ChildEnvironment() {
  std::lock_guard lock(mu);
  std::vector<std::string> result;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    std::string_view text = *entry;
    std::string_view name = text.substr(0, text.find('='));
    if (before.switched_off && (name == kFile || name == kDirectory)) continue;
    result.emplace_back(text);
  }
  if (before.file) result.push_back(std::string(kFile) + "=" + *before.file);
  if (before.directory) result.push_back(std::string(kDirectory) + "=" + *before.directory);
  return result;
}

}  // namespace coreflow::http
