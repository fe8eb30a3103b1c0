#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "pkg/base/result.h"
#include "pkg/json/value.h"

namespace coreflow::yaml {

// What a scalar means to go-yaml v2. Unsigned is for integers over int64_t only.
using Scalar = std::variant<std::monostate, bool, int64_t, uint64_t, double, std::string>;

// The meaning of a scalar that was written plain, or with a tag. `tag` is "" for none, else in its long form
// ("tag:yaml.org,2002:int"). kInvalid when the text is not what the tag says, or !!binary is not base64.
Result<Scalar> Resolve(std::string_view tag, std::string_view text);

// The scalar as a value: a number without a fraction that fits becomes an integer, since that is how it would be
// written and read again. kInvalid for infinities and NaN.
Result<json::Value> ToValue(const Scalar& scalar);

// The scalar as the name of a member. kInvalid for null and for integers over int64_t.
Result<std::string> ToName(const Scalar& scalar);

}  // namespace coreflow::yaml
