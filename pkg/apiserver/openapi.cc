#include "pkg/apiserver/openapi.h"

#include <algorithm>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pkg/apiserver/failure.h"
#include "pkg/apiserver/resource.h"
#include "pkg/apiserver/responses.h"
#include "pkg/apiserver/route.h"
#include "pkg/apiserver/schemas.h"
#include "pkg/json/write.h"

namespace coreflow::apiserver {

namespace {

using json::Array;
using json::Object;
using json::Value;

constexpr std::string_view kRef = "#/components/schemas/";
constexpr char kMetadata[] = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
constexpr char kApiVersionSays[] =
    "APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized "
    "schemas to the latest internal value, and may reject unrecognized values. More info: "
    "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources";
constexpr char kKindSays[] =
    "Kind is a string value representing the REST resource this object represents. Servers may infer this from the "
    "endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: "
    "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds";
constexpr char kMetadataSays[] =
    "Standard object's metadata. More info: "
    "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

// "api/v1", "apis/coreflow.dev/v1alpha1".
std::string GroupVersionPath(const Resource& resource) {
  return (resource.group.empty() ? "api/" : "apis/") + resource.ApiVersion();
}

Object KindOf(const Resource& resource) {
  return {{"group", resource.group}, {"version", resource.version}, {"kind", resource.kind}};
}

// "dev.coreflow.v1alpha1.Workflow": the group's words from the last to the first.
std::string NameOfCustom(const Resource& resource) {
  std::vector<std::string> words;
  std::istringstream group(resource.group);
  for (std::string word; std::getline(group, word, '.');) words.push_back(std::move(word));
  std::string name;
  for (auto word = words.rbegin(); word != words.rend(); ++word) name.append(*word).append(".");
  return name.append(resource.version).append(".").append(resource.kind);
}

std::string NameOfBuiltIn(const Resource& resource) {
  const Value kind = KindOf(resource);
  for (const auto& [name, schema] : KubernetesDocument()["components"]["schemas"].Members()) {
    for (const Value& one : schema["x-kubernetes-group-version-kind"].Elements()) {
      if (one == kind) return name;
    }
  }
  return "";
}

// The schema as the CRD has it, with what every object has besides.
Value CustomSchema(const Resource& resource) {
  for (const Value& crd : BuiltInCrds()) {
    if (crd["spec"]["names"]["plural"] != Value(resource.plural)) continue;
    Object schema = crd["spec"]["versions"].Elements().front()["schema"]["openAPIV3Schema"].Members();
    Object properties = schema["properties"].Members();
    properties["apiVersion"] = Object{{"description", kApiVersionSays}, {"type", "string"}};
    properties["kind"] = Object{{"description", kKindSays}, {"type", "string"}};
    properties["metadata"] =
        Object{{"description", kMetadataSays}, {"allOf", Array{Object{{"$ref", std::string(kRef) + kMetadata}}}}};
    schema["properties"] = std::move(properties);
    schema["x-kubernetes-group-version-kind"] = Array{KindOf(resource)};
    return schema;
  }
  return Object{};
}

void AddReferences(const Value& schema, std::vector<std::string>& names) {
  for (const Value& element : schema.Elements()) AddReferences(element, names);
  for (const auto& [name, member] : schema.Members()) {
    if (name == "$ref" && member.IsString()) {
      names.push_back(member.AsString().substr(kRef.size()));
    } else {
      AddReferences(member, names);
    }
  }
}

// The schemas with those that they name.
Object WithReferences(Object schemas) {
  std::vector<std::string> names;
  for (const auto& [name, schema] : schemas) AddReferences(schema, names);
  while (!names.empty()) {
    const std::string name = std::move(names.back());
    names.pop_back();
    if (schemas.contains(name)) continue;
    const Value& schema = KubernetesDocument()["components"]["schemas"][name];
    AddReferences(schema, names);
    schemas[name] = schema;
  }
  return schemas;
}

Array Parameters(const std::vector<std::pair<const char*, const char*>>& named, const char* in) {
  Array all;
  for (const auto& [name, type] : named) {
    Object one{{"name", name}, {"in", in}, {"schema", Object{{"type", type}, {"uniqueItems", true}}}};
    if (in == std::string_view("path")) one["required"] = true;
    all.push_back(std::move(one));
  }
  return all;
}

Value Content(const std::vector<const char*>& types, const Value& schema) {
  Object content;
  for (const char* type : types) content[type] = Object{{"schema", schema}};
  return Object{{"content", std::move(content)}};
}

// What can be done at one path. Reads have no parameters here: nobody looks for them.
Value Operation(const Resource& resource, const char* action, const Value& schema) {
  Object operation{
      {"x-kubernetes-action", action},
      {"x-kubernetes-group-version-kind", KindOf(resource)},
      {"responses",
       Object{{"200", Object{{"description", "OK"}, {"content", Content({"application/json"}, schema)["content"]}}}}}};
  const std::string_view what = action;
  if (what == "post" || what == "put") {
    operation["parameters"] =
        Parameters({{"dryRun", "string"}, {"fieldManager", "string"}, {"fieldValidation", "string"}}, "query");
    operation["requestBody"] = Content({"*/*"}, schema);
  }
  if (what == "patch") {
    operation["parameters"] = Parameters(
        {{"dryRun", "string"}, {"fieldManager", "string"}, {"fieldValidation", "string"}, {"force", "boolean"}},
        "query");
    std::vector<const char*> types{"application/apply-patch+yaml", "application/json-patch+json",
                                   "application/merge-patch+json"};
    if (!resource.custom) types.push_back("application/strategic-merge-patch+json");
    operation["requestBody"] = Content(types, Object{{"type", "object"}});
  }
  return operation;
}

void AddPaths(const Resource& resource, const std::string& name, Object& paths) {
  const Value schema = Object{{"$ref", std::string(kRef) + name}};
  const std::string place = "/" + GroupVersionPath(resource) + (resource.namespaced ? "/namespaces/{namespace}" : "");
  std::vector<std::pair<const char*, const char*>> path_parameters;
  if (resource.namespaced) path_parameters.emplace_back("namespace", "string");
  const Value list = Object{{"type", "object"}};
  paths[place + "/" + resource.plural] = Object{{"parameters", Parameters(path_parameters, "path")},
                                                {"get", Operation(resource, "list", list)},
                                                {"post", Operation(resource, "post", schema)},
                                                {"delete", Operation(resource, "deletecollection", list)}};
  path_parameters.emplace_back("name", "string");
  Object one{{"parameters", Parameters(path_parameters, "path")},
             {"get", Operation(resource, "get", schema)},
             {"put", Operation(resource, "put", schema)},
             {"patch", Operation(resource, "patch", schema)}};
  if (resource.has_status) paths[place + "/" + resource.plural + "/{name}/status"] = one;
  one["delete"] = Operation(resource, "delete", schema);
  paths[place + "/" + resource.plural + "/{name}"] = std::move(one);
}

// Of each group and version, by its path, the document as text.
std::map<std::string, std::string, std::less<>> Documents() {
  std::map<std::string, std::pair<Object, Object>> parts;  // paths, schemas
  for (const Resource& resource : AllResources()) {
    auto& [paths, schemas] = parts[GroupVersionPath(resource)];
    const std::string name = resource.custom ? NameOfCustom(resource) : NameOfBuiltIn(resource);
    schemas[name] = resource.custom ? CustomSchema(resource) : KubernetesDocument()["components"]["schemas"][name];
    AddPaths(resource, name, paths);
  }
  std::map<std::string, std::string, std::less<>> documents;
  for (auto& [path, part] : parts) {
    documents[path] = json::Write(Object{{"openapi", "3.0.0"},
                                         {"info", KubernetesDocument()["info"]},
                                         {"paths", std::move(part.first)},
                                         {"components", Object{{"schemas", WithReferences(std::move(part.second))}}}});
  }
  return documents;
}

Value Index(const std::map<std::string, std::string, std::less<>>& documents) {
  Object paths;
  for (const auto& [path, text] : documents) paths[path] = Object{{"serverRelativeURL", "/openapi/v3/" + path}};
  return Object{{"paths", std::move(paths)}};
}

}  // namespace

std::optional<http::Response> ServeOpenApi(const http::Request& request) {
  constexpr std::string_view kRoot = "/openapi/";
  if (request.method != "GET" || !request.target.starts_with(kRoot)) return std::nullopt;
  static const auto kDocuments = Documents();
  const std::string path = request.target.substr(0, request.target.find('?'));
  if (path == "/openapi/v3") return JsonResponse(200, json::Write(Index(kDocuments)));
  const auto found = path.starts_with("/openapi/v3/") ? kDocuments.find(path.substr(12)) : kDocuments.end();
  if (found == kDocuments.end()) return PlainResponse(404, "404 page not found\n");
  const std::string accepted = HeaderOf(request, "Accept");
  if (!accepted.empty() && accepted.find("json") == std::string::npos && accepted.find("*/*") == std::string::npos) {
    return PlainResponse(406, "only application/json is served\n");
  }
  return JsonResponse(200, found->second);
}

}  // namespace coreflow::apiserver
