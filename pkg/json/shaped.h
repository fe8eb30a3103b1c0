#pragma once

#include "pkg/json/shape.h"
#include "pkg/json/value.h"

namespace coreflow::json {

// What Parse would have read of the value's text with that shape. What is kept whole is shared with `value`, not
// copied.
Value Shaped(const Value& value, const Shape& shape);

}  // namespace coreflow::json
