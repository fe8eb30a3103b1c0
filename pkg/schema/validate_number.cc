#include <cmath>

#include "pkg/schema/go_text.h"
#include "pkg/schema/validate_value.h"

namespace coreflow::schema {

namespace {

// A limit as it is compared with, and shown beside, a value: whole numbers meet whole limits.
double Limit(const json::Value& value, double limit) { return value.IsInt() ? std::trunc(limit) : limit; }

// Exact between whole numbers.
int Compare(const json::Value& value, double limit) {
  if (value.IsInt() && std::abs(limit) < 9.2e18) {
    auto whole = static_cast<int64_t>(limit);
    return value.AsInt() < whole ? -1 : value.AsInt() > whole ? 1 : 0;
  }
  return value.AsDouble() < limit ? -1 : value.AsDouble() > limit ? 1 : 0;
}

bool IsMultiple(const json::Value& value, double factor) {
  if (value.IsInt()) return value.AsInt() % static_cast<int64_t>(factor) == 0;
  double times = factor < 1 ? 1 / factor * value.AsDouble() : value.AsDouble() / factor;
  return std::abs(times - std::round(times)) < 1e-9;
}

void CheckMultiple(const json::Value& value, double factor, const ValuePath& path, Findings& findings) {
  factor = Limit(value, factor);
  if (factor <= 0) {
    findings.Add(
        InvalidValue(FieldOf(path), factor,
                     "factor MultipleOf declared for " + path.Dotted() + " must be positive: " + GoNumber(factor)));
  } else if (!IsMultiple(value, factor)) {
    findings.Add(InvalidValue(FieldOf(path), value, InBody(path) + " should be a multiple of " + GoNumber(factor)));
  }
}

}  // namespace

Findings CheckNumber(const json::Value& value, const Node& node, const ValuePath& path) {
  Findings findings;
  ++findings.matches;
  auto report = [&](const char* should, double limit) {
    findings.Add(InvalidValue(FieldOf(path), value, InBody(path) + should + GoNumber(limit)));
  };
  if (node.multiple_of) CheckMultiple(value, *node.multiple_of, path, findings);
  if (node.minimum) {
    double limit = Limit(value, *node.minimum);
    int order = Compare(value, limit);
    if (node.exclusive_minimum && order <= 0) report(" should be greater than ", limit);
    if (!node.exclusive_minimum && order < 0) report(" should be greater than or equal to ", limit);
  }
  if (node.maximum) {
    double limit = Limit(value, *node.maximum);
    int order = Compare(value, limit);
    if (node.exclusive_maximum && order >= 0) report(" should be less than ", limit);
    if (!node.exclusive_maximum && order > 0) report(" should be less than or equal to ", limit);
  }
  return findings;
}

}  // namespace coreflow::schema
