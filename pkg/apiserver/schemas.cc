#include "pkg/apiserver/schemas.h"

#include <map>
#include <utility>

#include "pkg/apiserver/embedded.h"
#include "pkg/base/check.h"
#include "pkg/json/parse.h"

namespace coreflow::apiserver {

namespace {

using Schemas = std::map<const Resource*, schema::Schema>;

Schemas CustomSchemas() {
  Schemas all;
  for (const json::Value& crd : BuiltInCrds()) {
    const json::Value& version = crd["spec"]["versions"].Elements().front();
    const Resource* resource = FindResource(crd["spec"]["group"].StringOr(""), version["name"].StringOr(""),
                                            crd["spec"]["names"]["plural"].StringOr(""));
    auto schema = schema::Schema::Parse(version["schema"]["openAPIV3Schema"]);
    CHECK(resource != nullptr && schema.has_value(), "the CRDs in crds/ have schemas");
    all.emplace(resource, *std::move(schema));
  }
  return all;
}

const schema::Document& Kubernetes() {
  static const schema::Document kDocument = [] {
    auto document = schema::Document::Parse(KubernetesDocument());
    CHECK(document.has_value(), "the schemas of Kubernetes are schemas");
    return *std::move(document);
  }();
  return kDocument;
}

Schemas BuiltInSchemas() {
  Schemas all;
  for (const Resource& resource : AllResources()) {
    if (resource.custom) continue;
    auto schema = Kubernetes().FindKind(resource.group, resource.version, resource.kind);
    CHECK(schema.has_value(), "each kind of Kubernetes' own has a schema");
    all.emplace(&resource, *std::move(schema));
  }
  return all;
}

}  // namespace

const schema::Schema& SchemaOf(const Resource& resource) {
  static const Schemas kCustom = CustomSchemas();
  if (resource.custom) return kCustom.at(&resource);
  static const Schemas kBuiltIn = BuiltInSchemas();
  return kBuiltIn.at(&resource);
}

const schema::Schema& MetadataSchema() {
  static const schema::Schema kSchema = *Kubernetes().Find("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
  return kSchema;
}

const json::Value& KubernetesDocument() {
  static const json::Value kDocument = [] {
    auto document = json::Parse(EmbeddedSchemas().front().text);
    CHECK(document.has_value(), "what was made into JSON is JSON");
    return *std::move(document);
  }();
  return kDocument;
}

}  // namespace coreflow::apiserver
