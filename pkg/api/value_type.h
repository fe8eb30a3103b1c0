#pragma once

#include <optional>

#include "pkg/api/pattern.h"
#include "pkg/api/types.gen.h"
#include "pkg/json/binder.h"
#include "pkg/json/value.h"

namespace coreflow::api {

// Whether a value has the type: String, Boolean, Array and Object as JSON says; Integer any number without a fraction
// that fits 64 bits (so 4.0 too); Number any number. Null has none.
bool HasType(ValueType type, const json::Value& value);

// -1, 0 or 1 as a is less than, equal to or greater than b; exact for integers. REQUIRES: both are numbers.
int CompareNumbers(const json::Value& a, const json::Value& b);

// Equality as users see it: 1 and 1.0 are the same, in lists and objects too.
bool SameValue(const json::Value& a, const json::Value& b);

// What a parameter allows, with its pattern compiled once. Keeps a reference to the parameter, which must live as long.
// Expects the parameter itself to be valid; what is not is passed over.
class ParameterCheck {
 public:
  explicit ParameterCheck(const Parameter& parameter);

  // Reports everything about `value` that is not allowed: type, enum, minimum, maximum, pattern and size.
  void Check(const json::Value& value, json::Binder& binder) const;
  // The same for a value of the enum itself.
  void CheckEnumValue(const json::Value& value, json::Binder& binder) const;

 private:
  const Parameter& parameter_;
  const ValueType type_;
  std::optional<Pattern> pattern_;
};

// Reports a value that is larger than any may be.
void CheckValueSize(const json::Value& value, json::Binder& binder);

}  // namespace coreflow::api
