#include "pkg/yaml/yaml.h"

#include <gtest/gtest.h>

#include "pkg/patch/yaml_for_test.h"

namespace coreflow::patch {

json::Value Yaml(std::string_view text) {
  auto value = yaml::FromYaml(text);
  EXPECT_TRUE(value.has_value()) << text << ": " << (value ? "" : value.error().message);
  return value ? *value : json::Value();
}

const schema::Schema& TestSchema() {
  static const schema::Schema kSchema = *schema::Schema::Parse(Yaml(R"(
type: object
properties:
  metadata: {type: object}
  spec:
    type: object
    properties:
      name: {type: string}
      note: {type: string}
      count: {type: integer}
      labels: {type: object, additionalProperties: {type: string}}
      steps:
        type: array
        x-kubernetes-list-type: map
        x-kubernetes-list-map-keys: [name]
        items:
          type: object
          properties:
            name: {type: string}
            image: {type: string}
            args: {type: array, items: {type: string}}
      ports:
        type: array
        x-kubernetes-list-type: map
        x-kubernetes-list-map-keys: [port, protocol]
        items: {type: object, properties: {port: {type: integer}, protocol: {type: string, default: TCP}, name: {type: string}}}
      set: {type: array, x-kubernetes-list-type: set, items: {type: string}}
      atomic: {type: object, x-kubernetes-map-type: atomic, additionalProperties: {type: string}}
      config: {type: object, x-kubernetes-preserve-unknown-fields: true}
  status:
    type: object
    properties: {phase: {type: string}, count: {type: integer}}
)"));
  return kSchema;
}

}  // namespace coreflow::patch
