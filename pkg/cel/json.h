#pragma once

#include "pkg/base/result.h"
#include "pkg/cel/type.h"
#include "pkg/cel/value.h"
#include "pkg/json/value.h"

namespace coreflow::cel {

// A JSON value as the language sees it: integers are int, other numbers double, objects maps with string keys.
Value FromJson(const json::Value& value);

// A JSON value where a type was declared: 1 becomes 1.0 for double, 1.0 becomes 1 for int; RFC 3339 text becomes a
// timestamp, "90s" a duration, "2Gi" a quantity, base64 bytes; an object becomes a struct with the declared fields
// (a missing or null one is not set). kInvalid, with the path, when the value does not fit.
Result<Value> FromJson(const json::Value& value, const Type& type);

// The JSON form of a value, as CEL maps it: timestamps, durations and quantities as text, bytes as base64, keys as
// text. A uint beyond int64, NaN and infinities become strings, since JSON has no numbers for them. Fields of a struct
// that are not set are left out. kInvalid for types; the error of a struct's field.
Result<json::Value> ToJson(const Value& value);

}  // namespace coreflow::cel
