#pragma once

#include <string>
#include <string_view>

namespace coreflow {

// HMAC-SHA-256 (RFC 2104, RFC 6234): 32 bytes. Safe to call from any thread.
std::string HmacSha256(std::string_view key, std::string_view text);

}  // namespace coreflow
