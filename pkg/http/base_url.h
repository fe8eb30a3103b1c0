#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "pkg/base/result.h"

namespace coreflow::http {

// The parts of Options::url.
struct BaseUrl {
  bool tls = false;
  std::string host = {};  // lower case; an IPv6 literal without its brackets
  bool ipv6_literal = false;
  uint16_t port = 0;      // 443 or 80 when the URL names none
  std::string path = {};  // "" or "/k8s/clusters/c-1", without a slash at the end

  bool operator==(const BaseUrl&) const = default;
};

// kInvalid for anything but http and https, and for user information, a query or a fragment, which have no business in
// the address of a server.
Result<BaseUrl> ParseBaseUrl(std::string_view url);

}  // namespace coreflow::http
