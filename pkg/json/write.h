#pragma once

#include <string>
#include <string_view>

#include "pkg/json/value.h"

namespace coreflow::json {

// Compact JSON text of a value: members in the order of their names, doubles in the shortest form that reads back
// the same, control characters escaped. Bytes of a string that are not UTF-8 become U+FFFD; NaN and infinities,
// which JSON lacks, become null. Thread-safe.
std::string Write(const Value& value);

// The same with two-space indentation, for people.
std::string WriteIndented(const Value& value);

// A string as a JSON string, with its quotes.
std::string Quote(std::string_view text);

// Whether text is UTF-8 (RFC 3629) from beginning to end. Thread-safe.
bool IsUtf8(std::string_view text);

// The form that digests are taken of: Write(), but null members of objects are left out and a double without a
// fraction that fits int64_t is written as an integer, so that 1.0 and 1 are the same.
std::string WriteCanonical(const Value& value);

}  // namespace coreflow::json
