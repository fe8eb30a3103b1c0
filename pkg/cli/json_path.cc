#include "pkg/cli/json_path.h"

#include <algorithm>
#include <array>
#include <compare>
#include <utility>

#include "pkg/base/overloaded.h"
#include "pkg/json/write.h"

namespace coreflow::cli {

namespace {

using Values = std::vector<json::Value>;

constexpr int kDeepest = 200;  // of values within values

Error Wrong(std::string what) { return {.code = Code::kInvalid, .message = std::move(what)}; }

Result<Values> Walk(const Path& path, Values values);

Values Children(const json::Value& value) {
  Values children = value.Elements();
  for (const auto& [name, member] : value.Members()) children.push_back(member);
  return children;
}

// Everything that has something in it, from outside to inside.
void Descend(const json::Value& value, int depth, Values& found) {
  const Values children = Children(value);
  if (children.empty() && value.StringOr("").empty()) return;
  found.push_back(value);
  if (depth == kDeepest) return;
  for (const json::Value& child : children) Descend(child, depth + 1, found);
}

Error OutOfBounds(int64_t index, int64_t length) {
  return Wrong("array index out of bounds: index " + std::to_string(index) + ", length " + std::to_string(length));
}

Result<Values> Cut(const SliceNode& slice, const json::Value& value) {
  if (!value.IsArray()) return Wrong(std::string(value.TypeName()) + " is not array or slice");
  const auto length = static_cast<int64_t>(value.Elements().size());
  const auto from_end = [&](int64_t index) { return index < 0 ? index + length : index; };
  const int64_t from = from_end(slice.from.value_or(0));
  const int64_t to = slice.single ? from + 1 : from_end(slice.to.value_or(length));
  if (from == to) return Values();
  if (from < 0 || from >= length) return OutOfBounds(from, length);
  if (to < 0 || to > length) return OutOfBounds(to - 1, length);
  if (from > to) {
    return Wrong("starting index " + std::to_string(from) + " is greater than ending index " + std::to_string(to));
  }
  const int64_t step = slice.step.value_or(1);
  if (step <= 0) return Wrong("step must be > 0");
  Values cut;
  for (int64_t i = from; i < to; i += std::min(step, length)) cut.push_back(value.Elements()[static_cast<size_t>(i)]);
  return cut;
}

// Unordered: they can't be compared.
std::partial_ordering Compare(const json::Value& left, const json::Value& right) {
  if (left.IsString() && right.IsString()) return left.AsString() <=> right.AsString();
  if (left.IsBool() && right.IsBool()) return left.AsBool() <=> right.AsBool();
  if (left.IsInt() && right.IsInt()) return left.AsInt() <=> right.AsInt();
  if (left.IsNumber() && right.IsNumber()) return left.AsDouble() <=> right.AsDouble();
  return std::partial_ordering::unordered;
}

bool Holds(std::partial_ordering order, const std::string& comparison) {
  if (comparison == "==") return order == 0;
  if (comparison == "!=") return order != 0;
  if (comparison == "<") return order < 0;
  if (comparison == "<=") return order <= 0;
  return comparison == ">" ? order > 0 : order >= 0;
}

Result<bool> Passes(const FilterNode& filter, const json::Value& value) {
  const auto left = Walk(filter.left, {value});
  if (filter.comparison.empty()) return left && !left->empty();
  if (!left) return left.error();
  TRY(const Values right, Walk(filter.right, {value}));
  if (left->empty() || right.empty()) return false;
  if (left->size() > 1 || right.size() > 1) return Wrong("can only compare one element at a time");
  const std::partial_ordering order = Compare(left->front(), right.front());
  if (order == std::partial_ordering::unordered) return Wrong("incompatible types for comparison");
  return Holds(order, filter.comparison);
}

Result<Values> Filtered(const FilterNode& filter, const json::Value& value) {
  if (!value.IsArray()) return Wrong(json::Write(value) + " is not array or slice and cannot be filtered");
  Values passed;
  for (const json::Value& element : value.Elements()) {
    TRY(const bool passes, Passes(filter, element));
    if (passes) passed.push_back(element);
  }
  return passed;
}

// What one value leads to; what a union leads to is not up to one: see StepAll.
Result<Values> Step(const PathNode& node, const json::Value& value) {
  return std::visit(overloaded{[&](const FieldNode& field) -> Result<Values> {
                                 const json::Value* found = value.Find(field.name);
                                 return found == nullptr ? Values() : Values{*found};
                               },
                               [&](const WildcardNode&) -> Result<Values> { return Children(value); },
                               [&](const DescentNode&) -> Result<Values> {
                                 Values found;
                                 Descend(value, 0, found);
                                 return found;
                               },
                               [&](const LiteralNode& literal) -> Result<Values> { return Values{literal.value}; },
                               [&](const SliceNode& slice) -> Result<Values> {
                                 return value.IsNull() ? Values() : Cut(slice, value);
                               },
                               [&](const UnionNode&) -> Result<Values> { return Values(); },
                               [&](const FilterNode& filter) -> Result<Values> { return Filtered(filter, value); }},
                    node.what);
}

void Append(Values& all, const Values& some) { all.insert(all.end(), some.begin(), some.end()); }

// What all values lead to.
Result<Values> StepAll(const PathNode& node, const Values& values) {
  Values next;
  if (const auto* all = std::get_if<UnionNode>(&node.what)) {
    for (const Path& part : all->paths) {
      TRY(const Values some, Walk(part, values));
      Append(next, some);
    }
    return next;
  }
  const auto* literal = std::get_if<LiteralNode>(&node.what);
  if (literal != nullptr && literal->value.IsString()) return Values{literal->value};  // also of nothing
  for (const json::Value& value : values) {
    TRY(const Values some, Step(node, value));
    Append(next, some);
  }
  return next;
}

Result<Values> Walk(const Path& path, Values values) {
  for (const PathNode& node : path) {
    TRY(values, StepAll(node, values));
  }
  return values;
}

// Calls `each` with what every block has found.
Result<void> Run(const std::vector<PathBlock>& blocks, const json::Value& value, const auto& each) {
  for (const PathBlock& block : blocks) {
    TRY(const Values found, Walk(block.path, {value}));
    if (!block.loops) {
      each(found);
      continue;
    }
    for (const json::Value& one : found) TRY_VOID(Run(block.body, one, each));
  }
  return {};
}

// As Go writes JSON: what could end a script in HTML or a line in JavaScript is escaped.
std::string Text(const json::Value& value) {
  if (value.IsString()) return value.AsString();
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kEscapes = {
      {{"<", "\\u003c"}, {">", "\\u003e"}, {"&", "\\u0026"}, {"\xe2\x80\xa8", "\\u2028"}, {"\xe2\x80\xa9", "\\u2029"}}};
  std::string text = json::Write(value);
  for (const auto& [what, by] : kEscapes) {
    for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
      text.replace(at, what.size(), by);
    }
  }
  return text;
}

}  // namespace

Result<JsonPath> JsonPath::Parse(std::string_view text) {
  JsonPath path;
  auto blocks = ParseTemplate(text);
  if (!blocks) return Wrong("error parsing jsonpath " + std::string(text) + ", " + blocks.error().message);
  path.blocks_ = *std::move(blocks);
  return path;
}

Result<std::string> JsonPath::Print(const json::Value& value) const {
  std::string text;
  TRY_VOID(Run(blocks_, value, [&](const Values& found) {
    for (size_t i = 0; i < found.size(); ++i) text += (i > 0 ? " " : "") + Text(found[i]);
  }));
  return text;
}

Result<std::vector<json::Value>> JsonPath::Find(const json::Value& value) const {
  Values all;
  TRY_VOID(Run(blocks_, value, [&](const Values& found) { Append(all, found); }));
  return all;
}

}  // namespace coreflow::cli
