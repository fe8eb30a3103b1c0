#include <fmt/format.h>

#include <map>

#include "pkg/api/defaults.h"
#include "pkg/api/names.h"
#include "pkg/api/pattern.h"
#include "pkg/api/validate_parts.h"
#include "pkg/api/value_type.h"

namespace coreflow::api {

namespace {

using json::Binder;

void CheckBounds(const Parameter& parameter, Binder& binder) {
  ValueType type = parameter.type.value_or(defaults::kValueType);
  bool number = type == ValueType::kInteger || type == ValueType::kNumber;
  auto check = [&](const char* name, const json::Value& bound) {
    Binder::Scope scope(binder, name);
    if (bound.IsNull() || !binder.Expect(bound, bound.IsNumber(), "number")) return;
    if (!number) binder.Report(fmt::format("is for Integer and Number; the type is {}", json::EnumName(type)));
  };
  check("minimum", parameter.minimum);
  check("maximum", parameter.maximum);
  if (!parameter.minimum.IsNumber() || !parameter.maximum.IsNumber()) return;
  if (CompareNumbers(parameter.minimum, parameter.maximum) > 0) {
    Binder::Scope scope(binder, "minimum");
    binder.Report("must not be greater than maximum");
  }
}

void CheckPattern(const Parameter& parameter, Binder& binder) {
  if (!parameter.pattern) return;
  Binder::Scope scope(binder, "pattern");
  ValueType type = parameter.type.value_or(defaults::kValueType);
  if (type != ValueType::kString) {
    binder.Report(fmt::format("is for String; the type is {}", json::EnumName(type)));
    return;
  }
  Result<Pattern> pattern = Pattern::Compile(*parameter.pattern);
  if (!pattern) binder.Report("is no RE2 expression: " + pattern.error().message);
}

void CheckParameter(const Parameter& parameter, Binder& binder) {
  CheckBounds(parameter, binder);
  CheckPattern(parameter, binder);
  ParameterCheck check(parameter);
  for (size_t i = 0; i < parameter.enum_.size(); ++i) {
    Binder::Scope scope(binder, "enum");
    Binder::Scope element(binder, i);
    check.CheckEnumValue(parameter.enum_[i], binder);
  }
  if (parameter.default_.IsNull()) return;
  Binder::Scope scope(binder, "default");
  check.Check(parameter.default_, binder);
}

}  // namespace

void CheckParameterNames(const std::vector<std::string_view>& names, std::string_view what, Binder& binder) {
  std::map<std::string, std::string_view> seen;  // by upper case
  for (size_t i = 0; i < names.size(); ++i) {
    Binder::Scope scope(binder, i);
    Binder::Scope member(binder, "name");
    if (!IsParameterName(names[i])) {
      binder.Report("must be 1 to 63 letters, digits and '_', starting with a lower-case letter");
      continue;
    }
    auto [at, first] = seen.emplace(UpperCase(names[i]), names[i]);
    if (first) continue;
    binder.Report(at->second == names[i]
                      ? fmt::format("there is another {} with the name {}", what, names[i])
                      : fmt::format("is the same as {} in upper case, which must not be", at->second));
  }
}

void CheckParameters(const WorkflowSpec& spec, Binder& binder) {
  Binder::Scope scope(binder, "parameters");
  std::vector<std::string_view> names;
  for (const Parameter& parameter : spec.parameters) names.push_back(parameter.name);
  CheckParameterNames(names, "parameter", binder);
  for (size_t i = 0; i < spec.parameters.size(); ++i) {
    Binder::Scope element(binder, i);
    CheckParameter(spec.parameters[i], binder);
  }
}

void CheckArguments(const WorkflowSpec& spec, Binder& binder) {
  Binder::Scope scope(binder, "arguments");
  std::map<std::string_view, const Parameter*> parameters;
  std::vector<std::string_view> names;
  for (const Parameter& parameter : spec.parameters) {
    if (parameters.emplace(parameter.name, &parameter).second) names.push_back(parameter.name);
  }
  std::map<std::string_view, bool> given;  // name → with a value
  for (size_t i = 0; i < spec.arguments.size(); ++i) {
    const Argument& argument = spec.arguments[i];
    Binder::Scope element(binder, i);
    bool first = given.emplace(argument.name, !argument.value.IsNull()).second;
    auto parameter = parameters.find(argument.name);
    if (parameter == parameters.end()) {
      Binder::Scope name(binder, "name");
      binder.Report(fmt::format("there is no parameter {}{}", argument.name, binder.Suggest(argument.name, names)));
    } else if (!first) {
      Binder::Scope name(binder, "name");
      binder.Report(fmt::format("there is another argument for {}", argument.name));
    } else if (!argument.value.IsNull()) {
      Binder::Scope value(binder, "value");
      ParameterCheck(*parameter->second).Check(argument.value, binder);
    }
  }
  for (std::string_view name : names) {
    auto at = given.find(name);
    bool has_value = at != given.end() && at->second;
    if (has_value || !parameters[name]->default_.IsNull()) continue;
    binder.Report(fmt::format("a value for {} is needed, since the parameter has no default", name));
  }
}

}  // namespace coreflow::api
