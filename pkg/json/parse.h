#pragma once

#include <string_view>

#include "pkg/base/result.h"
#include "pkg/json/shape.h"
#include "pkg/json/value.h"

namespace coreflow::json {

// Reads one JSON document (RFC 8259) and nothing after it. kInvalid for bad syntax, bad UTF-8, nesting deeper than
// 256 or a name that stands twice in one object; the message says which. An integer that does not fit int64_t
// becomes the nearest double. Thread-safe. Safe for input from anybody.
//
// `shape` says what to leave out; names that stand twice are not noticed there, everything else is.
Result<Value> Parse(std::string_view text, const Shape& shape = {});

}  // namespace coreflow::json
