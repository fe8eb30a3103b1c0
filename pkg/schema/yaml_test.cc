#include "pkg/yaml/yaml.h"

#include "pkg/schema/parse_for_test.h"

namespace coreflow::schema {

json::Value Yaml(std::string_view text) {
  auto value = yaml::FromYaml(text);
  EXPECT_TRUE(value.has_value()) << text << ": " << (value ? "" : value.error().message);
  return value ? *value : json::Value();
}

}  // namespace coreflow::schema
