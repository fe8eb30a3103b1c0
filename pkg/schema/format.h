#pragma once

#include <string>
#include <string_view>

#include "pkg/schema/node.h"

namespace coreflow::schema {

// The format as it stands in a schema of that type, or "" where the API server ignores it.
std::string CheckedFormat(Type type, const std::string& format);

// Whether texts are checked against it: "date-time" is, "int64" is not.
bool IsCheckedText(std::string_view format);

// Whether a text has a format such as "date-time" or "ipv4", as loosely as the API server takes it. True for formats
// that are not checked.
bool HasFormat(std::string_view text, std::string_view format);

// Of format_network.cc.
bool IsIpv4(std::string_view text);
bool IsIpv6(std::string_view text);
bool IsCidr(std::string_view text);
bool IsHostname(std::string_view text);

}  // namespace coreflow::schema
