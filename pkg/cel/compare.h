#pragma once

#include <compare>
#include <optional>

#include "pkg/base/result.h"
#include "pkg/cel/meter.h"
#include "pkg/cel/value.h"

namespace coreflow::cel {

// The == of the language: numbers by their mathematical value whatever their kinds, values of otherwise different
// kinds are unequal, NaN equals nothing. An error only when a struct's field gives one or the meter runs out.
Result<bool> Equal(const Value& a, const Value& b, Meter& meter);

// The order of two numbers by mathematical value, of two values of one ordered kind (bool, string, bytes, duration,
// timestamp, quantity), or nullopt when the two have no order between them. unordered when one is NaN.
std::optional<std::partial_ordering> Compare(const Value& a, const Value& b);

// The order of the keys of a map: bools, then numbers, then strings. REQUIRES: both are of these kinds.
bool KeyLess(const Value& a, const Value& b);

}  // namespace coreflow::cel
