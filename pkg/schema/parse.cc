#include "pkg/schema/parse.h"

#include <algorithm>

#include "pkg/cel/regex.h"
#include "pkg/schema/format.h"

namespace coreflow::schema {

namespace {

constexpr size_t kMostDepth = 250;  // of schemas within schemas; JSON cannot be much deeper
constexpr std::string_view kRawExtension = "io.k8s.apimachinery.pkg.runtime.RawExtension";

Error Wrong(const std::string& path, const std::string& what) {
  return Error{Code::kInvalid, (path.empty() ? "schema" : path) + ": " + what};
}

std::optional<Type> TypeNamed(const std::string& name) {
  for (Type type :
       {Type::kAny, Type::kObject, Type::kArray, Type::kString, Type::kInteger, Type::kNumber, Type::kBoolean}) {
    if (TypeName(type) == name) return type;
  }
  return std::nullopt;
}

std::optional<double> Number(const json::Value& value) {
  return value.IsNumber() ? std::optional(value.AsDouble()) : std::nullopt;
}

std::optional<int64_t> Whole(const json::Value& value) {
  return value.IsInt() ? std::optional(value.AsInt()) : std::nullopt;
}

std::vector<std::string> Strings(const json::Value& list) {
  std::vector<std::string> strings;
  for (const json::Value& one : list.Elements()) {
    if (one.IsString()) strings.push_back(one.AsString());
  }
  return strings;
}

void FillLimits(Node& node, const json::Value& schema) {
  node.minimum = Number(schema["minimum"]);
  node.maximum = Number(schema["maximum"]);
  node.multiple_of = Number(schema["multipleOf"]);
  node.exclusive_minimum = schema["exclusiveMinimum"].BoolOr(false);
  node.exclusive_maximum = schema["exclusiveMaximum"].BoolOr(false);
  node.min_length = Whole(schema["minLength"]);
  node.max_length = Whole(schema["maxLength"]);
  node.min_items = Whole(schema["minItems"]);
  node.max_items = Whole(schema["maxItems"]);
  node.min_properties = Whole(schema["minProperties"]);
  node.max_properties = Whole(schema["maxProperties"]);
  node.unique_items = schema["uniqueItems"].BoolOr(false);
  node.enum_values = schema["enum"].Elements();
  node.required = Strings(schema["required"]);
}

void FillPatchStrategies(Node& node, const json::Value& schema) {
  node.patch_merge_key = schema["x-kubernetes-patch-merge-key"].StringOr("");
  std::string strategies = schema["x-kubernetes-patch-strategy"].StringOr("");
  for (size_t begin = 0; begin < strategies.size();) {
    size_t end = std::min(strategies.find(',', begin), strategies.size());
    node.patch_strategies.push_back(strategies.substr(begin, end - begin));
    begin = end + 1;
  }
}

void FillExtensions(Node& node, const json::Value& schema) {
  node.int_or_string = schema["x-kubernetes-int-or-string"].BoolOr(schema["format"].StringOr("") == "int-or-string");
  node.preserve_unknown = schema["x-kubernetes-preserve-unknown-fields"].BoolOr(false);
  node.embedded_resource = schema["x-kubernetes-embedded-resource"].BoolOr(false);
  std::string list_type = schema["x-kubernetes-list-type"].StringOr("atomic");
  node.list_type = list_type == "map" ? ListType::kMap : list_type == "set" ? ListType::kSet : ListType::kAtomic;
  node.map_keys = Strings(schema["x-kubernetes-list-map-keys"]);
  node.atomic_map = schema["x-kubernetes-map-type"].StringOr("") == "atomic";
  node.validations = schema["x-kubernetes-validations"];
  FillPatchStrategies(node, schema);
}

// REQUIRES: the nodes below know it already. Only schemas of custom resources have any.
bool HoldsResources(const Node& node) {
  auto holds = [](const Node* below) { return below != nullptr && below->resources_below; };
  return node.embedded_resource || holds(node.additional) || holds(node.items) ||
         std::any_of(node.properties.begin(), node.properties.end(),
                     [&](const auto& property) { return holds(property.second); });
}

// What a wrapper says replaces what its target says.
void Override(Node& node, const json::Value& said) {
  if (const json::Value* value = said.Find("default")) node.default_value = *value;
  if (const json::Value* value = said.Find("description")) node.description = value->StringOr("");
  if (const json::Value* value = said.Find("nullable")) node.nullable = value->BoolOr(false);
  if (said.Find("x-kubernetes-map-type") != nullptr) {
    node.atomic_map = said["x-kubernetes-map-type"].StringOr("") == "atomic";
  }
  if (said.Find("x-kubernetes-patch-strategy") != nullptr) {
    node.patch_strategies.clear();
    FillPatchStrategies(node, said);
  }
}

// {"$ref": …} or {"allOf": [{"$ref": …}], …}: the $ref, else null.
const json::Value& ReferenceOf(const json::Value& schema) {
  static const json::Value kNone;
  if (schema["$ref"].IsString()) return schema["$ref"];
  const json::Array& all_of = schema["allOf"].Elements();
  return all_of.size() == 1 && all_of[0]["$ref"].IsString() ? all_of[0]["$ref"] : kNone;
}

}  // namespace

std::string KindKey(std::string_view group, std::string_view version, std::string_view kind) {
  return std::string(group) + "/" + std::string(version) + "/" + std::string(kind);
}

Result<const Node*> Parser::ParseSchema(const json::Value& schema) { return ParseNode(schema, ""); }

Result<const Node*> Parser::ParseNode(const json::Value& schema, const std::string& path) {
  if (!schema.IsObject()) return Wrong(path, std::string("a schema is an object, not ") + schema.TypeName());
  if (static_cast<size_t>(std::count(path.begin(), path.end(), '.')) > kMostDepth)
    return Wrong(path, "nested too deep");
  const json::Value& reference = ReferenceOf(schema);
  if (reference.IsNull()) {
    Node& node = nodes_.all.emplace_back();
    TRY_VOID(Fill(node, schema, path));
    return &node;
  }
  TRY(const Node* target, Follow(reference, path));
  if (schema.AsObject().size() == 1 && schema.Find("$ref") != nullptr) return target;
  Node& node = nodes_.all.emplace_back();
  wrappers_.push_back({.node = &node, .target = target, .said = &schema});
  return &node;
}

Result<const Node*> Parser::Follow(const json::Value& ref, const std::string& path) {
  const std::string& text = ref.AsString();
  auto found = components_.find(text.substr(text.rfind('/') + 1));
  if (found == components_.end()) return Wrong(path, "$ref leads nowhere: " + text);
  return found->second;
}

Result<void> Parser::Fill(Node& node, const json::Value& schema, const std::string& path) {
  auto type = TypeNamed(schema["type"].StringOr(""));
  if (!type) return Wrong(path, "unknown type: " + schema["type"].AsString());
  node.type = *type;
  node.description = schema["description"].StringOr("");
  node.default_value = schema["default"];
  node.nullable = schema["nullable"].BoolOr(false);
  FillLimits(node, schema);
  FillExtensions(node, schema);
  node.format = schema["format"].StringOr("");
  if (!IsCheckedFormat(node.format)) node.format.clear();
  TRY_VOID(FillPattern(node, schema, path));
  TRY_VOID(FillChildren(node, schema, path));
  node.resources_below = HoldsResources(node);
  // Kubernetes' own types: an object of which nothing is said holds anything.
  if (in_document_ && node.properties.empty() && node.additional == nullptr && node.type != Type::kArray) {
    node.preserve_unknown = true;
  }
  return {};
}

Result<void> Parser::FillPattern(Node& node, const json::Value& schema, const std::string& path) {
  node.pattern = schema["pattern"].StringOr("");
  if (node.pattern.empty()) return {};
  auto regex = cel::Regex::Compile(node.pattern);
  if (!regex) return Wrong(path, "pattern: " + regex.error().message);
  node.regex = *regex;
  return {};
}

Result<std::vector<const Node*>> Parser::ParseEach(const json::Value& schemas, const std::string& path) {
  std::vector<const Node*> nodes;
  for (size_t i = 0; i < schemas.Elements().size(); ++i) {
    TRY(const Node* node, ParseNode(schemas.AsArray()[i], path + "[" + std::to_string(i) + "]"));
    nodes.push_back(node);
  }
  return nodes;
}

Result<void> Parser::FillChildren(Node& node, const json::Value& schema, const std::string& path) {
  for (const auto& [name, property] : schema["properties"].Members()) {
    std::string below = path + ".properties.";
    TRY(const Node* child, ParseNode(property, below += name));
    node.properties.emplace(name, child);
  }
  const json::Value& additional = schema["additionalProperties"];
  node.additional_forbidden = additional.IsBool() && !additional.AsBool();
  if (additional.IsBool() && additional.AsBool()) node.preserve_unknown = true;
  if (additional.IsObject()) {
    TRY(node.additional, ParseNode(additional, path + ".additionalProperties"));
  }
  if (schema["items"].IsObject()) {
    TRY(node.items, ParseNode(schema["items"], path + ".items"));
  }
  if (schema["not"].IsObject()) {
    TRY(node.none_of, ParseNode(schema["not"], path + ".not"));
  }
  TRY(node.all_of, ParseEach(schema["allOf"], path + ".allOf"));
  TRY(node.any_of, ParseEach(schema["anyOf"], path + ".anyOf"));
  TRY(node.one_of, ParseEach(schema["oneOf"], path + ".oneOf"));
  return {};
}

Result<void> Parser::ParseDocument(const json::Value& document) {
  in_document_ = true;
  const json::Value& modern = document["components"]["schemas"];
  const json::Value& schemas = modern.IsObject() ? modern : document["definitions"];
  if (!schemas.IsObject()) return Error{Code::kInvalid, "the document has no components.schemas"};
  for (const auto& [name, schema] : schemas.AsObject()) components_.emplace(name, &nodes_.all.emplace_back());
  for (const auto& [name, schema] : schemas.AsObject()) {
    Node& node = *components_.find(name)->second;
    nodes_.named.emplace(name, &node);
    const json::Value& reference = ReferenceOf(schema);
    if (!reference.IsNull()) {
      TRY(const Node* target, Follow(reference, name));
      wrappers_.push_back({.node = &node, .target = target, .said = &schema});
    } else {
      TRY_VOID(Fill(node, schema, name));
    }
    if (name == kRawExtension) node.atomic_map = true;  // replaced as a whole, whatever is in it
    for (const json::Value& kind : schema["x-kubernetes-group-version-kind"].Elements()) {
      nodes_.kinds.emplace(KindKey(kind["group"].StringOr(""), kind["version"].StringOr(""), kind["kind"].StringOr("")),
                           &node);
    }
  }
  Resolve();
  return {};
}

// Targets are whole once all is parsed, but for those that are wrappers themselves: each round fills those of which
// the target is whole. What is left over goes in circles and stays empty.
void Parser::Resolve() {
  std::set<const Node*> open;
  for (const Wrapper& wrapper : wrappers_) open.insert(wrapper.node);
  bool progress = true;
  while (progress && !open.empty()) {
    progress = false;
    for (const Wrapper& wrapper : wrappers_) {
      if (!open.contains(wrapper.node) || open.contains(wrapper.target)) continue;
      *wrapper.node = *wrapper.target;
      Override(*wrapper.node, *wrapper.said);
      open.erase(wrapper.node);
      progress = true;
    }
  }
}

}  // namespace coreflow::schema
