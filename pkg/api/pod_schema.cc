#include "pkg/api/pod_schema.h"

#include <algorithm>
#include <string>
#include <vector>

#include "pkg/api/names.h"
#include "pkg/api/pod_schema_table.h"
#include "pkg/base/check.h"

namespace coreflow::api {

namespace {

using json::Binder;
using json::Value;
using Kind = PodField::Kind;

const PodType& FindType(std::string_view name) {
  auto types = PodTypes();
  auto type = std::lower_bound(types.begin(), types.end(), name,
                               [](const PodType& one, std::string_view wanted) { return one.name < wanted; });
  CHECK(type != types.end() && type->name == name, "callers name types of the table");
  return *type;
}

bool HasExpression(const Value& value) { return value.IsString() && value.AsString().find("$[[") != std::string::npos; }

bool IsWhole(const Value& value) {
  return value.IsInt() ||
         (value.IsDouble() &&
          value.AsDouble() == static_cast<double>(static_cast<int64_t>(std::clamp(value.AsDouble(), -9e15, 9e15))));
}

const char* Expected(Kind kind) {
  switch (kind) {
    case Kind::kString: return "string";
    case Kind::kBoolean: return "boolean";
    case Kind::kInteger: return "integer";
    case Kind::kNumber: return "number";
    case Kind::kQuantity: return "quantity such as 500m or 1Gi";
    case Kind::kIntOrString: return "integer or string";
    case Kind::kAnyObject:
    case Kind::kType: return "object";
  }
  return "";
}

bool Fits(Kind kind, const Value& value) {
  switch (kind) {
    case Kind::kString: return value.IsString();
    case Kind::kBoolean: return value.IsBool();
    case Kind::kInteger: return IsWhole(value);
    case Kind::kNumber: return value.IsNumber();
    case Kind::kQuantity:
      if (value.IsNumber()) return value.AsDouble() >= 0;
      return HasExpression(value) || (value.IsString() && IsQuantity(value.AsString()));
    case Kind::kIntOrString: return IsWhole(value) || value.IsString();
    case Kind::kAnyObject:
    case Kind::kType: return value.IsObject();
  }
  return false;
}

void CheckFields(const PodType& type, const Value& value, Binder& binder, PodPart part);

void CheckOne(const PodField& field, const Value& value, Binder& binder, PodPart part) {
  if (!binder.Expect(value, Fits(field.kind, value), Expected(field.kind))) return;
  if (field.kind == Kind::kType) CheckFields(PodTypes()[static_cast<size_t>(field.type)], value, binder, part);
}

void CheckField(const PodField& field, const Value& value, Binder& binder, PodPart part) {
  if (field.many == PodField::Many::kOne) return CheckOne(field, value, binder, part);
  bool list = field.many == PodField::Many::kList;
  if (!binder.Expect(value, list ? value.IsArray() : value.IsObject(), list ? "array" : "object")) return;
  for (size_t i = 0; i < value.Elements().size(); ++i) {
    Binder::Scope scope(binder, i);
    CheckOne(field, value.Elements()[i], binder, part);
  }
  for (const auto& [name, member] : value.Members()) {
    Binder::Scope scope(binder, name);
    CheckOne(field, member, binder, part);
  }
}

void CheckFields(const PodType& type, const Value& value, Binder& binder, PodPart part) {
  std::vector<std::string_view> known;
  for (const PodField& field : type.fields) {
    known.push_back(field.name);
    const Value& member = value[field.name];
    Binder::Scope scope(binder, field.name);
    bool wanted = field.required && (part == PodPart::kWhole || field.name == "name");
    if (!member.IsNull()) CheckField(field, member, binder, part);
    if (member.IsNull() && wanted) binder.Report("required in a " + std::string(type.name));
  }
  binder.ReportUnknown(value, known);
}

}  // namespace

void CheckPodValue(std::string_view type, const Value& value, Binder& binder, PodPart part) {
  if (value.IsNull() || !binder.Expect(value, value.IsObject(), "object")) return;
  CheckFields(FindType(type), value, binder, part);
}

void CheckPodList(std::string_view type, const Value& value, Binder& binder) {
  if (value.IsNull() || !binder.Expect(value, value.IsArray(), "array")) return;
  for (size_t i = 0; i < value.AsArray().size(); ++i) {
    const Value& element = value.AsArray()[i];
    Binder::Scope scope(binder, i);
    if (binder.Expect(element, element.IsObject(), "object")) CheckPodValue(type, element, binder);
  }
}

}  // namespace coreflow::api
