#pragma once

#include <cstdint>
#include <string>

#include "pkg/base/result.h"
#include "pkg/base/time.h"
#include "pkg/files/descriptor.h"

namespace coreflow::http {

// A TCP connection to that host, a name or an address. kUnavailable when there is nobody, or not within `limit`, which
// each of the host's addresses has for itself. A peer that is gone without a word is noticed within a minute.
Result<files::Descriptor> Connect(const std::string& host, uint16_t port, Duration limit);

// Listens on an address of this machine; port 0: any free one. kInvalid when it is no address, kUnavailable when it is
// taken.
Result<files::Descriptor> ListenOn(const std::string& address, uint16_t port);
// Of what ListenOn() gave.
uint16_t PortOf(const files::Descriptor& listener);

// Listens at a path, where everybody on the machine who can reach it may connect. What is there already is removed.
Result<files::Descriptor> ListenAtPath(const std::string& path);

}  // namespace coreflow::http
