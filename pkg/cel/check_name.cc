#include <algorithm>

#include "pkg/base/closest.h"
#include "pkg/cel/checker.h"
#include "pkg/cel/list_names.h"

namespace coreflow::cel {

namespace {

// Names that stand for types, such as in type(x) == int.
constexpr std::string_view kTypeNames[] = {"bool",
                                           "bytes",
                                           "double",
                                           "google.protobuf.Duration",
                                           "google.protobuf.Timestamp",
                                           "int",
                                           "list",
                                           "map",
                                           "null_type",
                                           "string",
                                           "type",
                                           "uint"};

bool IsTypeName(std::string_view name) {
  return std::find(std::begin(kTypeNames), std::end(kTypeNames), name) != std::end(kTypeNames);
}

bool IsWordPart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// "a.b.c" when the tree is nothing but names, with whether it begins with a dot.
struct Dotted {
  std::string root{};
  std::string name{};
  bool global = false;
};

std::optional<Dotted> DottedName(const Expr& expr) {
  if (auto* name = std::get_if<Name>(&expr.node)) return Dotted{name->name, name->name, name->global};
  auto* select = std::get_if<Select>(&expr.node);
  if (select == nullptr || select->has) return std::nullopt;
  auto dotted = DottedName(*select->operand);
  if (dotted) dotted->name += "." + select->field;
  return dotted;
}

std::vector<std::string_view> FieldNames(const Type& type) {
  std::vector<std::string_view> names;
  for (const Type::Field& field : type.fields()) names.push_back(field.name);
  return names;
}

}  // namespace

std::string PathText(const Expr& expr) {
  auto dotted = DottedName(expr);
  return dotted ? dotted->name : std::string();
}

// Declared variables may have dots in their names, and so do the names of some types.
bool Checker::BecomeDottedName(Expr& expr) {
  auto dotted = DottedName(expr);
  if (!dotted) return false;
  auto is_root = [&](const Local& local) { return local.name == dotted->root; };
  if (!dotted->global && std::any_of(locals_.begin(), locals_.end(), is_root)) return false;
  if (declarations_.Find(dotted->name) == nullptr && !IsTypeName(dotted->name)) return false;
  expr.node = Name{.name = dotted->name, .global = true};
  return true;
}

bool Checker::Resolve(Expr&, Name& name, Type& type) {
  for (size_t i = locals_.size(); i > 0 && !name.global; --i) {
    if (locals_[i - 1].name != name.name) continue;
    name.slot = i - 1;
    type = locals_[i - 1].type;
    return true;
  }
  if (const Type* declared = declarations_.Find(name.name)) {
    type = *declared;
    return true;
  }
  if (!IsTypeName(name.name)) return false;
  name.type_value = Value::TypeNamed(name.name);
  type = Type::TypeType();
  return true;
}

Type Checker::CheckNode(Expr& expr, Name& name) {
  Type type;
  if (!Resolve(expr, name, type)) ReportUnknownName(expr, name);
  return type;
}

Type Checker::CheckNode(Expr& expr, Select& select) {
  if (!select.has && BecomeDottedName(expr)) return Check(expr);
  Type type = Check(*select.operand);
  Type field = SelectFrom(*select.operand, type, select.field, expr.offset);
  return select.has ? Type::Bool() : field;
}

Type Checker::SelectFrom(const Expr& operand, const Type& type, std::string& field, size_t offset) {
  if (type.IsDyn()) return Type::Dyn();
  if (type.Is(Type::Kind::kMap)) {
    if (!type.key().IsDyn() && !type.key().Is(Type::Kind::kString)) {
      Report(offset, "the keys of this map are " + type.key().ToString() + ", not names; read it with [key]");
    }
    return type.element();
  }
  if (!type.Is(Type::Kind::kStruct)) {
    std::string path = PathText(operand);
    Report(offset, (path.empty() ? "this" : path) + " is " + type.ToString() + " and has no field '" + field + "'");
    return Type::Dyn();
  }
  const Type::Field* found = type.Find(field);
  if (found == nullptr) {
    ReportUnknownField(operand, type, field, offset);
    return Type::Dyn();
  }
  // Nobody subtracts from a struct, so this is a name with a dash, of which the first word happens to be a name too.
  if (found->type.Is(Type::Kind::kStruct) && ReportDashedField(operand, type, field, offset)) return Type::Dyn();
  field = found->name;
  return found->type;
}

// The text of `name` at `offset` with all the "-word" that follow it directly: "word-count" for steps.word-count.
std::string Checker::AfterDashes(size_t offset, const std::string& name) const {
  if (text_.substr(std::min(offset, text_.size()), name.size()) != name) return name;
  size_t end = offset + name.size();
  while (end + 1 < text_.size() && text_[end] == '-' && IsWordPart(text_[end + 1])) {
    ++end;
    while (end < text_.size() && IsWordPart(text_[end])) ++end;
  }
  return std::string(text_.substr(offset, end - offset));
}

bool Checker::ReportDashedField(const Expr& operand, const Type& type, const std::string& field, size_t offset) {
  std::string dashed = AfterDashes(offset, field);
  std::optional<std::string> meant;
  std::string written = dashed;
  while (written.size() > field.size() && !meant) {
    std::string joined = written;
    std::replace(joined.begin(), joined.end(), '-', '_');
    if (const Type::Field* found = type.Find(joined)) meant = found->name;
    if (!meant) written.erase(written.rfind('-'));
  }
  if (!meant && dashed != field) {
    written = dashed;
    meant = Closest(dashed, FieldNames(type));
  }
  if (!meant || *meant == field) return false;
  std::string path = PathText(operand);
  Report(offset, "a dash means minus here; did you mean " + (path.empty() ? *meant : path + "." + *meant) + "?");
  explained_.push_back({.begin = offset, .end = offset + written.size()});
  return true;
}

void Checker::ReportUnknownField(const Expr& operand, const Type& type, const std::string& field, size_t offset) {
  if (ReportDashedField(operand, type, field, offset)) return;
  std::string path = PathText(operand);
  std::string message = (path.empty() ? type.name() : path) + " has no field '" + field + "'";
  std::vector<std::string_view> names = FieldNames(type);
  if (auto closest = Closest(field, names)) {
    message += "; did you mean " + (path.empty() ? "" : path + ".") + std::string(*closest) + "?";
  } else if (!names.empty()) {
    message += "; it has " + ListNames(names);
  } else {
    message += "; it has no fields";
  }
  Report(offset, std::move(message));
}

void Checker::ReportUnknownName(const Expr& expr, const Name& name) {
  for (const Range& range : explained_) {
    if (expr.offset >= range.begin && expr.offset < range.end) return;
  }
  std::vector<std::string_view> names;
  for (const Local& local : locals_) names.push_back(local.name);
  for (const auto& [declared, type] : declarations_.variables()) names.push_back(declared);
  std::string message = "unknown name '" + name.name + "'";
  std::string dashed = AfterDashes(expr.offset, name.name);
  std::replace(dashed.begin(), dashed.end(), '-', '_');
  if (declarations_.Find(dashed) != nullptr) {
    message += "; a dash means minus here; did you mean " + dashed + "?";
    explained_.push_back({.begin = expr.offset, .end = expr.offset + dashed.size()});
  } else if (!Functions::Standard().Find(name.name).empty()) {
    message = name.name + " is a function; write " + name.name + "(…)";
  } else if (auto closest = Closest(name.name, names)) {
    message += "; did you mean " + std::string(*closest) + "?";
  } else if (!names.empty()) {
    message += "; known are " + ListNames(names);
  }
  Report(expr.offset, std::move(message));
}

}  // namespace coreflow::cel
