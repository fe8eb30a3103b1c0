#include "pkg/http/check_request.h"

#include <algorithm>
#include <string>

namespace coreflow::http {

namespace {

bool IsAlphanumeric(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool IsToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return IsAlphanumeric(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool IsFieldValue(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
  });
}

// RFC 3986: unreserved, sub-delims, and what else may stand in a path or a query.
bool IsTarget(std::string_view text) {
  return text.starts_with('/') && std::all_of(text.begin(), text.end(), [](char c) {
           return IsAlphanumeric(c) || std::string_view("-._~!$&'()*+,;=:@/?%").find(c) != std::string_view::npos;
         });
}

Error Bad(std::string what) { return {.code = Code::kInvalid, .message = "not a valid request: " + std::move(what)}; }

}  // namespace

Result<void> CheckHeader(std::string_view name, std::string_view value) {
  if (!IsToken(name)) return Bad("the header name \"" + std::string(name) + "\"");
  // The value may be a secret, so it is not shown.
  if (!IsFieldValue(value)) return Bad("the value of the header " + std::string(name) + " has a control character");
  return {};
}

Result<void> CheckRequest(const Request& request) {
  if (!IsToken(request.method)) return Bad("the method \"" + request.method + "\"");
  if (!IsTarget(request.target)) return Bad("the target \"" + request.target + "\"");
  for (const auto& [name, value] : request.headers) TRY_VOID(CheckHeader(name, value));
  return {};
}

}  // namespace coreflow::http
