#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "pkg/schema/schema.h"

// How the tests beside write schemas and objects: as YAML, which is the shortest.
namespace coreflow::schema {

json::Value Yaml(std::string_view text);

inline Schema SchemaOf(std::string_view text) {
  auto schema = Schema::Parse(Yaml(text));
  EXPECT_TRUE(schema.has_value()) << (schema ? "" : schema.error().message);
  return schema ? *schema : *Schema::Parse(json::Object());
}

// Each cause on a line of its own: "TYPE FIELD: MESSAGE".
inline std::string Show(const std::vector<Cause>& causes) {
  std::string out;
  for (const Cause& cause : causes) out += (out.empty() ? "" : "\n") + testing::PrintToString(cause);
  return out;
}

}  // namespace coreflow::schema
