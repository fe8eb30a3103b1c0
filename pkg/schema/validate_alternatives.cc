#include "pkg/schema/go_text.h"
#include "pkg/schema/validate_value.h"

namespace coreflow::schema {

namespace {

// These name the field in quotes, and are told of the whole object.
Cause Must(const ValuePath& path, const std::string& what) {
  return InvalidValue("<nil>", "", GoQuote(path.Dotted()) + " must " + what);
}

void CheckAnyOf(const json::Value& value, const Node& node, const ValuePath& path, Findings& findings) {
  Findings best;
  bool first = true;
  for (const Node* one : node.any_of) {
    Findings found = CheckValue(value, nullptr, *one, path);
    if (found.ok()) {
      findings.Add(found);
      return;
    }
    if (first || found.matches > best.matches) best = std::move(found);
    first = false;
  }
  findings.Add(Must(path, "validate at least one schema (anyOf)"));
  findings.Add(best);
}

void CheckOneOf(const json::Value& value, const Node& node, const ValuePath& path, Findings& findings) {
  Findings best;
  Findings success;
  bool first = true;
  int valid = 0;
  for (const Node* one : node.one_of) {
    Findings found = CheckValue(value, nullptr, *one, path);
    if (found.ok()) {
      if (valid++ == 0) success = std::move(found);
    } else if (first || found.matches > best.matches) {
      best = std::move(found);
      first = false;
    }
  }
  if (valid == 1) return findings.Add(success);
  std::string how_many = valid == 0 ? "Found none valid" : "Found " + std::to_string(valid) + " valid alternatives";
  findings.Add(Must(path, "validate one and only one schema (oneOf). " + how_many));
  if (valid == 0) findings.Add(best);
}

void CheckAllOf(const json::Value& value, const Node& node, const ValuePath& path, Findings& findings) {
  size_t valid = 0;
  for (const Node* one : node.all_of) {
    Findings found = CheckValue(value, nullptr, *one, path);
    if (found.ok()) ++valid;
    findings.Add(found);
  }
  if (valid == node.all_of.size()) return;
  findings.Add(Must(path, std::string("validate all the schemas (allOf)") + (valid == 0 ? ". None validated" : "")));
}

}  // namespace

Findings CheckAlternatives(const json::Value& value, const Node& node, const ValuePath& path) {
  Findings findings;
  ++findings.matches;
  if (!node.any_of.empty()) CheckAnyOf(value, node, path, findings);
  if (!node.one_of.empty()) CheckOneOf(value, node, path, findings);
  if (!node.all_of.empty()) CheckAllOf(value, node, path, findings);
  if (node.none_of != nullptr && CheckValue(value, nullptr, *node.none_of, path).ok()) {
    findings.Add(Must(path, "not validate the schema (not)"));
  }
  return findings;
}

}  // namespace coreflow::schema
