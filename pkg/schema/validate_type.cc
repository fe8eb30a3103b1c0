#include <algorithm>
#include <cmath>

#include "pkg/schema/go_text.h"
#include "pkg/schema/validate_value.h"

namespace coreflow::schema {

namespace {

// The type of a value and, of a number, its format; as the server takes them for granted.
struct Found {
  std::string_view type;
  std::string_view format;
};

Found TypeOf(const json::Value& value) {
  if (value.IsInt()) return {"integer", "int64"};
  if (value.IsDouble()) return {"number", "float64"};
  return {value.TypeName(), ""};
}

bool Wants(const Node& node, std::string_view type) {
  if (node.int_or_string) return type == "integer" || type == "string";
  return node.type != Type::kAny && TypeName(node.type) == type;
}

bool IsWhole(const json::Value& value) {
  return value.IsDouble() && value.AsDouble() == std::floor(value.AsDouble()) && std::abs(value.AsDouble()) < 9.1e15;
}

Findings Wrong(const ValuePath& path, std::string_view wanted, std::string_view got) {
  Findings findings;
  findings.Add(
      InvalidType(FieldOf(path), got, InBody(path) + " must be of type " + std::string(wanted) + ": " + GoQuote(got)));
  return findings;
}

}  // namespace

bool TypeApplies(const Node& node) { return node.type != Type::kAny || node.int_or_string || !node.format.empty(); }

Findings CheckType(const json::Value& value, const Node& node, const ValuePath& path) {
  bool typed = node.type != Type::kAny || node.int_or_string;
  std::string_view wanted = node.int_or_string ? "integer,string" : TypeName(node.type);
  if (value.IsNull()) return typed && !node.nullable ? Wrong(path, wanted, "null") : Findings{.matches = 1};

  Found found = TypeOf(value);
  bool fits =
      Wants(node, found.type) || (IsWhole(value) && Wants(node, "integer")) || (value.IsInt() && Wants(node, "number"));
  bool text_or_list = value.IsString() || value.IsArray();
  if (!node.format.empty() && !text_or_list && !fits && found.format != node.format) {
    return Wrong(path, node.format, found.format);
  }
  // Where a format is, text is left to it; and the server lets lists pass too.
  if (!node.format.empty() && text_or_list && !Wants(node, "number") && !Wants(node, "integer")) {
    return Findings{.matches = 1};
  }
  return fits ? Findings{.matches = 1} : Wrong(path, wanted, found.type);
}

}  // namespace coreflow::schema
