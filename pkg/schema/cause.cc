#include "pkg/schema/cause.h"

#include <ostream>

#include "pkg/schema/go_text.h"

namespace coreflow::schema {

namespace {

Cause Make(const char* type, std::string field, std::string message, std::string_view detail) {
  if (!detail.empty()) message += ": " + std::string(detail);
  return {.type = type, .field = std::move(field), .message = std::move(message)};
}

std::string Plural(int64_t count, const char* one) {
  return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

}  // namespace

void PrintTo(const Cause& cause, std::ostream* out) { *out << cause.type << " " << Describe(cause); }

std::string Describe(const Cause& cause) { return cause.field + ": " + cause.message; }

Cause InvalidValue(std::string field, const json::Value& value, std::string_view detail) {
  return Make("FieldValueInvalid", std::move(field), "Invalid value: " + GoValue(value), detail);
}

Cause InvalidType(std::string field, const json::Value& value, std::string_view detail) {
  return Make("FieldValueTypeInvalid", std::move(field), "Invalid value: " + GoValue(value), detail);
}

Cause NotSupported(std::string field, const json::Value& value, std::span<const json::Value> supported) {
  std::string names;
  for (const json::Value& one : supported) {
    names += (names.empty() ? "" : ", ") + GoQuote(one.IsString() ? one.AsString() : GoValue(one));
  }
  return Make("FieldValueNotSupported", std::move(field), "Unsupported value: " + GoValue(value),
              names.empty() ? "" : "supported values: " + names);
}

Cause RequiredValue(std::string field, std::string_view detail) {
  return Make("FieldValueRequired", std::move(field), "Required value", detail);
}

Cause ForbiddenValue(std::string field, std::string_view detail) {
  return Make("FieldValueForbidden", std::move(field), "Forbidden", detail);
}

Cause DuplicateValue(std::string field, const json::Value& value) {
  return Make("FieldValueDuplicate", std::move(field), "Duplicate value: " + GoValue(value), "");
}

Cause TooLong(std::string field, int64_t most) {
  return Make("FieldValueTooLong", std::move(field), "Too long", "may not be more than " + Plural(most, "byte"));
}

Cause TooMany(std::string field, int64_t actual, int64_t most) {
  return Make("FieldValueTooMany", std::move(field), "Too many: " + std::to_string(actual),
              "must have at most " + Plural(most, "item"));
}

}  // namespace coreflow::schema
