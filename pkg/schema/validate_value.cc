#include "pkg/schema/validate_value.h"

#include <algorithm>
#include <optional>

#include "pkg/cel/regex.h"
#include "pkg/schema/correlate.h"
#include "pkg/schema/format.h"
#include "pkg/schema/go_text.h"
#include "pkg/schema/unchanged.h"
#include "pkg/schema/validate.h"

namespace coreflow::schema {

namespace {

int64_t Characters(const std::string& text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

// The first fault only, as the server has it.
Findings CheckString(const std::string& text, const Node& node, const ValuePath& path) {
  Findings findings;
  if (!node.max_length && !node.min_length && node.pattern.empty()) return findings;
  int64_t length = Characters(text);
  if (node.max_length && length > *node.max_length) {
    findings.Add(TooLong(FieldOf(path), *node.max_length));
  } else if (node.min_length && length < *node.min_length) {
    findings.Add(InvalidValue(
        FieldOf(path), text, InBody(path) + " should be at least " + std::to_string(*node.min_length) + " chars long"));
  } else if (node.regex != nullptr && !node.regex->Matches(text)) {
    findings.Add(InvalidValue(FieldOf(path), text, InBody(path) + " should match '" + node.pattern + "'"));
  }
  return findings;
}

bool HasDuplicates(const json::Array& array) {
  for (size_t i = 0; i < array.size(); ++i) {
    if (std::any_of(array.begin(), array.begin() + static_cast<ptrdiff_t>(i),
                    [&](const json::Value& other) { return Unchanged(other, array[i]); })) {
      return true;
    }
  }
  return false;
}

Findings CheckArray(const json::Array& array, const json::Value* old, const Node& node, const ValuePath& path) {
  Findings findings;
  ++findings.matches;
  if (node.items != nullptr) {
    OldItems old_items(node, old);
    for (size_t i = 0; i < array.size(); ++i) {
      findings.Add(CheckValue(array[i], old_items.Find(array[i]), *node.items, ValuePath(path, i)));
    }
  }
  auto size = static_cast<int64_t>(array.size());
  if (node.min_items && size < *node.min_items) {
    findings.Add(InvalidValue(FieldOf(path), size,
                              InBody(path) + " should have at least " + std::to_string(*node.min_items) + " items"));
  }
  if (node.max_items && size > *node.max_items) findings.Add(TooMany(FieldOf(path), size, *node.max_items));
  if (node.unique_items && HasDuplicates(array)) {
    findings.Add(InvalidValue(FieldOf(path), "", InBody(path) + " shouldn't contain duplicates"));
  }
  return findings;
}

void CheckMembers(const json::Object& object, const json::Value* old, const Node& node, const ValuePath& path,
                  Findings& findings) {
  for (const auto& [name, member] : object) {
    auto property = node.properties.find(name);
    const json::Value* before = old == nullptr ? nullptr : old->Find(name);
    if (property != node.properties.end()) {
      findings.Add(CheckValue(member, before, *property->second, ValuePath(path, ValuePath::Field{name})));
    } else if (node.additional_forbidden) {
      findings.Add(InvalidValue(FieldOf(path), name, path.Dotted() + "." + name + " in body is a forbidden property"));
    } else if (node.additional != nullptr) {
      findings.Add(CheckValue(member, before, *node.additional, ValuePath(path, ValuePath::Key{name})));
    }
  }
}

Findings CheckObject(const json::Object& object, const json::Value* old, const Node& node, const ValuePath& path) {
  Findings findings;
  auto size = static_cast<int64_t>(object.size());
  if (node.min_properties && size < *node.min_properties) {
    std::string least = std::to_string(*node.min_properties);
    findings.Add(InvalidValue(FieldOf(path), size, InBody(path) + " should have at least " + least + " properties"));
  }
  if (node.max_properties && size > *node.max_properties) {
    findings.Add(TooMany(FieldOf(path), size, *node.max_properties));
  }
  CheckMembers(object, old, node, path, findings);
  for (const std::string& name : node.required) {
    if (!object.contains(name)) findings.Add(RequiredValue(FieldOf(ValuePath(path, ValuePath::Field{name}))));
  }
  return findings;
}

Findings CheckEnum(const json::Value& value, const Node& node, const ValuePath& path) {
  Findings findings;
  if (node.enum_values.empty()) return findings;
  auto same = [&](const json::Value& one) { return !value.IsNull() && Unchanged(one, value); };
  if (std::none_of(node.enum_values.begin(), node.enum_values.end(), same)) {
    findings.Add(NotSupported(FieldOf(path), value, node.enum_values));
  }
  return findings;
}

Findings CheckFormat(const std::string& text, const Node& node, const ValuePath& path) {
  Findings findings;
  if (!HasFormat(text, node.format)) {
    findings.Add(
        InvalidType(FieldOf(path), text, InBody(path) + " must be of type " + node.format + ": " + GoQuote(text)));
  }
  return findings;
}

}  // namespace

void Findings::Add(Cause cause) {
  if (std::find(causes.begin(), causes.end(), cause) == causes.end()) causes.push_back(std::move(cause));
}

void Findings::Add(const Findings& other) {
  for (const Cause& cause : other.causes) Add(cause);
  matches += other.matches;
}

std::string InBody(const ValuePath& path) { return path.Dotted() + " in body"; }

std::string FieldOf(const ValuePath& path) { return path.IsRoot() ? "<nil>" : path.Dotted(); }

Findings CheckValue(const json::Value& value, const json::Value* old, const Node& node, const ValuePath& path) {
  Findings findings;
  if (old != nullptr && Unchanged(value, *old)) return findings;
  auto check = [&](const Findings& found) {
    findings.Add(found);
    ++findings.matches;
  };
  if (value.IsNull()) {
    findings.Add(CheckType(value, node, path));
    findings.Add(CheckEnum(value, node, path));
    return findings;
  }
  if (TypeApplies(node)) check(CheckType(value, node, path));
  check(CheckAlternatives(value, node, path));
  if (value.IsString()) check(CheckString(value.AsString(), node, path));
  if (value.IsString() && IsCheckedFormat(node.format)) check(CheckFormat(value.AsString(), node, path));
  if (value.IsNumber()) check(CheckNumber(value, node, path));
  if (value.IsArray()) check(CheckArray(value.AsArray(), old, node, path));
  check(CheckEnum(value, node, path));
  if (value.IsObject()) check(CheckObject(value.AsObject(), old, node, path));
  ++findings.matches;
  return findings;
}

std::vector<Cause> ValidateValues(const json::Value& object, const json::Value* old, const Node& root) {
  return CheckValue(object, old, root, ValuePath()).causes;
}

}  // namespace coreflow::schema
