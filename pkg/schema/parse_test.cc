#include "pkg/schema/parse_for_test.h"

namespace coreflow::schema {
namespace {

TEST(Parse, RefusesWhatIsNoSchema) {
  auto error = [](const char* text) {
    auto schema = Schema::Parse(Yaml(text));
    return schema ? "" : schema.error().message;
  };
  EXPECT_EQ(error("[]"), "schema: a schema is an object, not array");
  EXPECT_EQ(error("{type: text}"), "schema: unknown type: text");
  EXPECT_EQ(error("{properties: {a: {items: 1, properties: {b: 2}}}}"),
            ".properties.a.properties.b: a schema is an object, not integer");
  EXPECT_NE(error("{type: string, pattern: '('}").find("schema: pattern: "), std::string::npos);
}

TEST(Parse, IgnoresFormatsThatAreNotChecked) {
  const Schema schema =
      SchemaOf("{properties: {a: {type: integer, format: int64}, b: {type: string, format: date-time}}}");
  EXPECT_EQ(schema.root().properties.find("a")->second->format, "");
  EXPECT_EQ(schema.root().properties.find("b")->second->format, "date-time");
}

}  // namespace
}  // namespace coreflow::schema
