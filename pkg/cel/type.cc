#include "pkg/cel/type.h"

#include <map>
#include <ostream>

namespace coreflow::cel {

struct Type::Details {
  std::string name{};
  Type key{};
  Type element{};
  std::vector<Field> fields{};
  std::map<std::string, size_t, std::less<>> index{};  // of names and aliases
};

namespace {
const Type kDyn;
const std::string kNoName;
const std::vector<Type::Field> kNoFields;
}  // namespace

Type Type::List(Type element) {
  auto details = std::make_shared<Details>();
  details->element = std::move(element);
  return Type(Kind::kList, std::move(details));
}

Type Type::Map(Type key, Type value) {
  auto details = std::make_shared<Details>();
  details->key = std::move(key);
  details->element = std::move(value);
  return Type(Kind::kMap, std::move(details));
}

Type Type::Struct(std::string name, std::vector<Field> fields) {
  auto details = std::make_shared<Details>();
  details->name = std::move(name);
  for (Field& field : fields) {
    if (details->index.emplace(field.name, details->fields.size()).second) details->fields.push_back(std::move(field));
  }
  for (size_t i = 0; i < details->fields.size(); ++i) {
    if (!details->fields[i].alias.empty()) details->index.emplace(details->fields[i].alias, i);
  }
  return Type(Kind::kStruct, std::move(details));
}

Type Type::Parameter(std::string name) {
  auto details = std::make_shared<Details>();
  details->name = std::move(name);
  return Type(Kind::kParameter, std::move(details));
}

const Type& Type::element() const { return details_ ? details_->element : kDyn; }
const Type& Type::key() const { return details_ ? details_->key : kDyn; }
const std::string& Type::name() const { return details_ ? details_->name : kNoName; }
const std::vector<Type::Field>& Type::fields() const { return details_ ? details_->fields : kNoFields; }

const Type::Field* Type::Find(std::string_view name_or_alias) const {
  if (kind_ != Kind::kStruct) return nullptr;
  auto it = details_->index.find(name_or_alias);
  return it == details_->index.end() ? nullptr : &details_->fields[it->second];
}

std::string Type::ToString() const {
  switch (kind_) {
    case Kind::kDyn: return "dyn";
    case Kind::kNull: return "null";
    case Kind::kBool: return "bool";
    case Kind::kInt: return "int";
    case Kind::kUint: return "uint";
    case Kind::kDouble: return "double";
    case Kind::kString: return "string";
    case Kind::kBytes: return "bytes";
    case Kind::kDuration: return "duration";
    case Kind::kTimestamp: return "timestamp";
    case Kind::kType: return "type";
    case Kind::kQuantity: return "quantity";
    case Kind::kList: return "list(" + element().ToString() + ")";
    case Kind::kMap: return "map(" + key().ToString() + ", " + element().ToString() + ")";
    case Kind::kStruct:
    case Kind::kParameter: return name();
  }
  return "dyn";
}

bool Type::operator==(const Type& other) const {
  if (kind_ != other.kind_) return false;
  if (details_ == other.details_) return true;
  if (kind_ == Kind::kStruct || kind_ == Kind::kParameter) return name() == other.name();
  return key() == other.key() && element() == other.element();
}

void PrintTo(const Type& type, std::ostream* out) {
  std::string text = type.ToString();
  out->write(text.data(), static_cast<std::streamsize>(text.size()));
}

}  // namespace coreflow::cel
