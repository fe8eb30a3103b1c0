#include "pkg/api/value_type.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "pkg/api/defaults.h"
#include "pkg/api/limits.h"
#include "pkg/json/write.h"

namespace coreflow::api {

namespace {

constexpr double kTwoTo63 = 9223372036854775808.0;

std::string Shown(const json::Value& value) {
  constexpr size_t kLongest = 60;
  std::string text = json::Write(value);
  return text.size() <= kLongest ? text : text.substr(0, kLongest) + "…";
}

// `integer` against a double that need not be one.
int CompareMixed(int64_t integer, double number) {
  if (std::isnan(number)) return 0;
  if (number >= kTwoTo63) return -1;
  if (number < -kTwoTo63) return 1;
  int64_t whole = static_cast<int64_t>(std::floor(number));
  if (integer != whole) return integer < whole ? -1 : 1;
  return number > std::floor(number) ? -1 : 0;
}

}  // namespace

bool HasType(ValueType type, const json::Value& value) {
  switch (type) {
    case ValueType::kString: return value.IsString();
    case ValueType::kInteger:
      return value.IsInt() || (value.IsDouble() && std::trunc(value.AsDouble()) == value.AsDouble() &&
                               value.AsDouble() >= -kTwoTo63 && value.AsDouble() < kTwoTo63);
    case ValueType::kNumber: return value.IsNumber();
    case ValueType::kBoolean: return value.IsBool();
    case ValueType::kArray: return value.IsArray();
    case ValueType::kObject: return value.IsObject();
  }
  return false;
}

int CompareNumbers(const json::Value& a, const json::Value& b) {
  if (a.IsInt() && b.IsInt()) return a.AsInt() < b.AsInt() ? -1 : a.AsInt() > b.AsInt() ? 1 : 0;
  if (a.IsInt()) return CompareMixed(a.AsInt(), b.AsDouble());
  if (b.IsInt()) return -CompareMixed(b.AsInt(), a.AsDouble());
  return a.AsDouble() < b.AsDouble() ? -1 : a.AsDouble() > b.AsDouble() ? 1 : 0;
}

bool SameValue(const json::Value& a, const json::Value& b) {
  return json::WriteCanonical(a) == json::WriteCanonical(b);
}

void CheckValueSize(const json::Value& value, json::Binder& binder) {
  size_t size = value.IsString() ? value.AsString().size() : json::Write(value).size();
  if (size > limits::kValueBytes) {
    binder.Report(fmt::format("has {} bytes, at most {} are allowed", size, limits::kValueBytes));
  }
}

ParameterCheck::ParameterCheck(const Parameter& parameter)
    : parameter_(parameter), type_(parameter.type.value_or(defaults::kValueType)) {
  if (!parameter.pattern) return;
  if (Result<Pattern> pattern = Pattern::Compile(*parameter.pattern)) pattern_ = *pattern;
}

void ParameterCheck::Check(const json::Value& value, json::Binder& binder) const {
  CheckEnumValue(value, binder);
  const std::vector<json::Value>& allowed = parameter_.enum_;
  auto same = [&](const json::Value& one) { return SameValue(one, value); };
  if (!HasType(type_, value) || allowed.empty() || std::any_of(allowed.begin(), allowed.end(), same)) return;
  binder.Report(fmt::format("{} is not one of {}", Shown(value), Shown(json::Array(allowed))));
}

void ParameterCheck::CheckEnumValue(const json::Value& value, json::Binder& binder) const {
  CheckValueSize(value, binder);
  if (!HasType(type_, value)) {
    return binder.Report(
        fmt::format("parameter {} has the type {}, {} is none", parameter_.name, json::EnumName(type_), Shown(value)));
  }
  const json::Value& minimum = parameter_.minimum;
  const json::Value& maximum = parameter_.maximum;
  if (value.IsNumber() && minimum.IsNumber() && CompareNumbers(value, minimum) < 0) {
    binder.Report(fmt::format("{} is less than the minimum {}", Shown(value), Shown(minimum)));
  }
  if (value.IsNumber() && maximum.IsNumber() && CompareNumbers(value, maximum) > 0) {
    binder.Report(fmt::format("{} is greater than the maximum {}", Shown(value), Shown(maximum)));
  }
  if (pattern_ && value.IsString() && !pattern_->Matches(value.AsString())) {
    binder.Report(fmt::format("{} does not match the pattern {}", Shown(value), *parameter_.pattern));
  }
}

}  // namespace coreflow::api
