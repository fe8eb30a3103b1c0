#pragma once

#include <string>
#include <string_view>

namespace coreflow::schema {

// Whether the API server checks the format: "date-time" is checked, "int64" is not.
bool IsCheckedFormat(std::string_view format);

// Whether a text has a format such as "date-time" or "ipv4", as loosely as the API server takes it. True for formats
// that are not checked.
bool HasFormat(std::string_view text, std::string_view format);

// Of format_network.cc.
bool IsIpv4(std::string_view text);
bool IsIpv6(std::string_view text);
bool IsCidr(std::string_view text);
bool IsHostname(std::string_view text);

}  // namespace coreflow::schema
