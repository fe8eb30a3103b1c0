#pragma once

#include <cstdint>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>

#include "pkg/json/value.h"

namespace coreflow::schema {

// One fault of one field, as a Status of the API lists it under details.causes, worded as
// k8s.io/apimachinery/pkg/util/validation/field words it.
struct Cause {
  std::string type{};     // "FieldValueInvalid"
  std::string field{};    // "spec.steps[0].name"; "<nil>" for the whole object, as the real server has it
  std::string message{};  // "Invalid value: 0: spec.limit in body should be greater than or equal to 1"

  bool operator==(const Cause&) const = default;
};

void PrintTo(const Cause& cause, std::ostream* out);

// "FIELD: MESSAGE".
std::string Describe(const Cause& cause);

Cause InvalidValue(std::string field, const json::Value& value, std::string_view detail);
Cause InvalidType(std::string field, const json::Value& value, std::string_view detail);
Cause NotSupported(std::string field, const json::Value& value, std::span<const json::Value> supported);
Cause RequiredValue(std::string field, std::string_view detail = "");
Cause ForbiddenValue(std::string field, std::string_view detail);
Cause DuplicateValue(std::string field, const json::Value& value);
Cause TooLong(std::string field, int64_t most);
Cause TooMany(std::string field, int64_t actual, int64_t most);

}  // namespace coreflow::schema
