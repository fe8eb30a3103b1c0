#pragma once

#include <string>
#include <string_view>

#include "pkg/api/resolve.h"
#include "pkg/base/result.h"
#include "pkg/json/value.h"

namespace coreflow::graph {

using api::ValueType;
using OutputDeclaration = api::ResolvedOutput;

const char* TypeName(ValueType type);  // "String", …

// `value` as one of `type`: 1.0 counts as an Integer, 1 as a Number. kInvalid says what it is and what would be right.
Result<json::Value> Conform(const json::Value& value, ValueType type);

// The value written as text: a String as it is, anything else as JSON. "12" is the Integer 12, "a b" no Integer.
Result<json::Value> ParseText(std::string_view text, ValueType type);

// What a container sees of a value: a string as it is, anything else as JSON.
std::string ToText(const json::Value& value);

}  // namespace coreflow::graph
