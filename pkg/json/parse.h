#pragma once

#include <span>
#include <string_view>

#include "pkg/base/result.h"
#include "pkg/json/value.h"

namespace coreflow::json {

// Reads one JSON document (RFC 8259) and nothing after it. kInvalid for bad syntax, bad UTF-8, nesting deeper than
// 256 or a name that stands twice in one object; the message says which. An integer that does not fit int64_t
// becomes the nearest double. Thread-safe. Safe for input from anybody.
//
// `without` is the path of a member to leave out, which costs no more than reading past it: {"metadata",
// "annotations"}. Where the path meets an array it goes on in each element. Names that stand twice are not noticed in
// what is left out.
Result<Value> Parse(std::string_view text, std::span<const std::string_view> without = {});

}  // namespace coreflow::json
