#include <gtest/gtest.h>

#include <algorithm>

#include "tests/conformance/case.h"

namespace coreflow::conformance {

namespace {

using json::Array;
using json::Object;

Answer Document(Session& session, const std::string& path) {
  const Answer index = session.Get("/openapi/v3");
  return session.Get(index["paths"][path]["serverRelativeURL"].StringOr("/nowhere"));
}

// The schema of that kind, by its x-kubernetes-group-version-kind.
json::Value SchemaOf(const Answer& document, const json::Value& kind) {
  for (const auto& [name, schema] : document["components"]["schemas"].Members()) {
    const json::Array& kinds = schema["x-kubernetes-group-version-kind"].Elements();
    if (std::ranges::find(kinds, kind) != kinds.end()) return schema;
  }
  return {};
}

void EachGroupHasADocumentOfItsSchemas(Session& session) {
  for (const char* path : {"api/v1", "apis/coreflow.dev/v1alpha1", "apis/events.k8s.io/v1",
                           "apis/coordination.k8s.io/v1", "apis/apiextensions.k8s.io/v1"}) {
    const Answer document = Document(session, path);
    EXPECT_EQ(document.Said(), "200") << path;
    EXPECT_FALSE(document["paths"].Members().empty()) << path;
  }
  const Answer ours = Document(session, "apis/coreflow.dev/v1alpha1");
  const json::Value workflow =
      SchemaOf(ours, Object{{"group", "coreflow.dev"}, {"version", "v1alpha1"}, {"kind", "Workflow"}});
  EXPECT_EQ(workflow["properties"]["spec"]["properties"]["steps"]["type"], json::Value("array"));
  EXPECT_EQ(workflow["properties"]["metadata"]["allOf"].Elements().at(0)["$ref"],
            json::Value("#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"));
  const json::Value pod =
      SchemaOf(Document(session, "api/v1"), Object{{"group", ""}, {"version", "v1"}, {"kind", "Pod"}});
  EXPECT_EQ(pod["properties"]["spec"]["allOf"].Elements().at(0)["$ref"],
            json::Value("#/components/schemas/io.k8s.api.core.v1.PodSpec"));
}

void APatchSaysWhatItTakes(Session& session) {
  const Answer document = Document(session, "apis/coreflow.dev/v1alpha1");
  const json::Value& patch =
      document["paths"]["/apis/coreflow.dev/v1alpha1/namespaces/{namespace}/workflows/{name}"]["patch"];
  EXPECT_EQ(patch["x-kubernetes-group-version-kind"],
            json::Value(Object{{"group", "coreflow.dev"}, {"version", "v1alpha1"}, {"kind", "Workflow"}}));
  bool validates = false;
  for (const json::Value& parameter : patch["parameters"].Elements()) {
    if (parameter["name"] == json::Value("fieldValidation")) validates = parameter["in"] == json::Value("query");
  }
  EXPECT_TRUE(validates);
  const auto strategic = [](const json::Value& one) {
    return one["requestBody"]["content"].Members().contains("application/strategic-merge-patch+json");
  };
  EXPECT_FALSE(strategic(patch));
  EXPECT_TRUE(strategic(Document(session, "api/v1")["paths"]["/api/v1/namespaces/{namespace}/pods/{name}"]["patch"]));
}

void AGroupThatIsNoneHasNoDocument(Session& session) {
  EXPECT_EQ(session.Get("/openapi/v3/apis/none.example/v1").status, 404);
}

}  // namespace

std::vector<Case> OpenApiCases() {
  return {
      {"EachGroupHasADocumentOfItsSchemas", EachGroupHasADocumentOfItsSchemas},
      {"APatchSaysWhatItTakes", APatchSaysWhatItTakes},
      {"AGroupThatIsNoneHasNoDocument", AGroupThatIsNoneHasNoDocument},
  };
}

}  // namespace coreflow::conformance
