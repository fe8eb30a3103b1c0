#include "pkg/schema/parse_for_test.h"

namespace coreflow::schema {
namespace {

constexpr const char* kSchema = R"(
type: object
properties:
  spec:
    type: object
    required: [name]
    minProperties: 1
    properties:
      name: {type: string, minLength: 2, maxLength: 5, pattern: '^[a-z]+$'}
      kind: {type: string, enum: [One, Two]}
      count: {type: integer, format: int32, minimum: 1, maximum: 10, multipleOf: 2}
      ratio: {type: number, exclusiveMinimum: true, minimum: 0, maximum: 0.5}
      at: {type: string, format: date-time}
      port: {x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}], pattern: '^[0-9]+$'}
      flag: {type: boolean}
      note: {type: string, nullable: true}
      labels: {type: object, maxProperties: 1, additionalProperties: {type: string}}
      closed: {type: object, additionalProperties: false}
      set: {type: array, x-kubernetes-list-type: set, maxItems: 3, minItems: 1, items: {type: string}}
      steps:
        type: array
        x-kubernetes-list-type: map
        x-kubernetes-list-map-keys: [name]
        items: {type: object, properties: {name: {type: string}, size: {type: integer}}}
      one: {type: object, oneOf: [{required: [a]}, {required: [b]}],
            properties: {a: {type: string}, b: {type: string}}}
      not: {type: string, not: {enum: [bad]}}
      all: {type: integer, allOf: [{minimum: 2}, {maximum: 5}]}
      pod: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}
)";

struct Case {
  const char* name;
  const char* spec;  // beside the name, which is right unless it says so
  std::string want{};
};
void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class ValidateTest : public testing::TestWithParam<Case> {};

TEST_P(ValidateTest, SaysWhatIsWrong) {
  json::Object spec = Yaml(GetParam().spec).Members();
  spec.emplace("name", "good");
  EXPECT_EQ(Show(SchemaOf(kSchema).Validate(json::Object{{"spec", spec}})), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Tables, ValidateTest,
    testing::Values(
        Case{.name = "GoodObject",
             .spec = "{kind: One, count: 2, ratio: 0.5, at: '2026-01-02T03:04:05Z', port: 80, flag: true, note: null, "
                     "labels: {a: b}, set: [a, b], steps: [{name: a}], one: {a: x}, not: good, all: 3}"},
        Case{
            .name = "WrongType",
            .spec = "{flag: 'yes'}",
            .want =
                "FieldValueTypeInvalid spec.flag: Invalid value: \"string\": spec.flag in body must be of type boolean: "
                "\"string\""},
        Case{
            .name = "WrongTypeWhereAFormatIs",
            .spec = "{count: {}, at: 3}",
            .want =
                "FieldValueTypeInvalid spec.at: Invalid value: \"int64\": spec.at in body must be of type date-time: "
                "\"int64\"\n"
                "FieldValueTypeInvalid spec.count: Invalid value: \"object\": spec.count in body must be of type integer: \"object\""},
        Case{.name = "TextForANumberWithFormat",
             .spec = "{count: 'two'}",
             .want = "FieldValueTypeInvalid spec.count: Invalid value: \"string\": spec.count in body must be of type "
                     "integer: \"string\""},
        Case{.name = "NullWhereItMayNotBe",
             .spec = "{flag: null}",
             .want =
                 "FieldValueTypeInvalid spec.flag: Invalid value: \"null\": spec.flag in body must be of type boolean: "
                 "\"null\""},
        Case{.name = "WholeDoubleIsAnInteger", .spec = "{all: 3.0}"},
        Case{
            .name = "TooShort",
            .spec = "{name: a}",
            .want =
                "FieldValueInvalid spec.name: Invalid value: \"a\": spec.name in body should be at least 2 chars long"},
        Case{.name = "TooLong",
             .spec = "{name: abcdef}",
             .want = "FieldValueTooLong spec.name: Too long: may not be more than 5 bytes"},
        Case{.name = "Pattern",
             .spec = "{name: ABC}",
             .want = "FieldValueInvalid spec.name: Invalid value: \"ABC\": spec.name in body should match '^[a-z]+$'"},
        Case{.name = "Enum",
             .spec = "{kind: Three}",
             .want =
                 "FieldValueNotSupported spec.kind: Unsupported value: \"Three\": supported values: \"One\", \"Two\""},
        Case{.name = "ABooleanInAnEnum",
             .spec = "{kind: Off}",
             .want = "FieldValueTypeInvalid spec.kind: Invalid value: \"boolean\": spec.kind in body must be of type "
                     "string: \"boolean\"\n"
                     "FieldValueNotSupported spec.kind: Unsupported value: false: supported values: \"One\", \"Two\""},
        Case{.name = "TooSmallAndNoMultiple",
             .spec = "{count: -1}",
             .want =
                 "FieldValueInvalid spec.count: Invalid value: -1: spec.count in body should be a multiple of 2\n"
                 "FieldValueInvalid spec.count: Invalid value: -1: spec.count in body should be greater than or equal "
                 "to 1"},
        Case{
            .name = "TooLarge",
            .spec = "{ratio: 0.75}",
            .want =
                "FieldValueInvalid spec.ratio: Invalid value: 0.75: spec.ratio in body should be less than or equal to "
                "0.5"},
        Case{.name = "Exclusive",
             .spec = "{ratio: 0}",
             .want = "FieldValueInvalid spec.ratio: Invalid value: 0: spec.ratio in body should be greater than 0"},
        Case{
            .name = "Format",
            .spec = "{at: yesterday}",
            .want =
                "FieldValueTypeInvalid spec.at: Invalid value: \"yesterday\": spec.at in body must be of type date-time: "
                "\"yesterday\""},
        Case{
            .name = "IntOrString",
            .spec = "{port: true}",
            .want =
                "FieldValueTypeInvalid spec.port: Invalid value: \"boolean\": spec.port in body must be of type "
                "integer,string: \"boolean\"\n"
                "FieldValueInvalid <nil>: Invalid value: \"\": \"spec.port\" must validate at least one schema (anyOf)\n"
                "FieldValueTypeInvalid spec.port: Invalid value: \"boolean\": spec.port in body must be of type "
                "integer: \"boolean\""},
        Case{
            .name = "MembersOfMaps",
            .spec = "{labels: {a: 1}}",
            .want =
                "FieldValueTypeInvalid spec.labels.a: Invalid value: \"integer\": spec.labels.a in body must be of type "
                "string: \"integer\""},
        Case{.name = "TooManyProperties",
             .spec = "{labels: {a: b, c: d}}",
             .want = "FieldValueTooMany spec.labels: Too many: 2: must have at most 1 item"},
        Case{.name = "ForbiddenProperty",
             .spec = "{closed: {a: 1}}",
             .want =
                 "FieldValueInvalid spec.closed: Invalid value: \"a\": spec.closed.a in body is a forbidden property"},
        Case{.name = "TooFewItems",
             .spec = "{set: []}",
             .want = "FieldValueInvalid spec.set: Invalid value: 0: spec.set in body should have at least 1 items"},
        Case{.name = "TooManyItems",
             .spec = "{set: [a, b, c, d]}",
             .want = "FieldValueTooMany spec.set: Too many: 4: must have at most 3 items"},
        Case{.name = "ElementTwiceInASet",
             .spec = "{set: [a, a, a]}",
             .want = "FieldValueDuplicate spec.set[1]: Duplicate value: \"a\""},
        Case{.name = "KeyTwiceInAList",
             .spec = "{steps: [{name: a}, {name: b}, {name: a, size: 1}]}",
             .want = "FieldValueDuplicate spec.steps[2]: Duplicate value: {\"name\":\"a\"}"},
        Case{.name = "OneOfNone",
             .spec = "{one: {}}",
             .want = "FieldValueInvalid <nil>: Invalid value: \"\": \"spec.one\" must validate one and only one schema "
                     "(oneOf). Found none valid\n"
                     "FieldValueRequired spec.one.a: Required value"},
        Case{.name = "OneOfTwo",
             .spec = "{one: {a: x, b: z}}",
             .want = "FieldValueInvalid <nil>: Invalid value: \"\": \"spec.one\" must validate one and only one schema "
                     "(oneOf). Found 2 valid alternatives"},
        Case{.name = "Not",
             .spec = "{not: bad}",
             .want = "FieldValueInvalid <nil>: Invalid value: \"\": \"spec.not\" must not validate the schema (not)"},
        Case{.name = "AllOf",
             .spec = "{all: 1}",
             .want =
                 "FieldValueInvalid spec.all: Invalid value: 1: spec.all in body should be greater than or equal to 2\n"
                 "FieldValueInvalid <nil>: Invalid value: \"\": \"spec.all\" must validate all the schemas (allOf)"},
        Case{.name = "EmbeddedResourceWithoutKind",
             .spec = "{pod: {apiVersion: ''}}",
             .want = "FieldValueInvalid spec.pod.apiVersion: Invalid value: \"\": must not be empty\n"
                     "FieldValueRequired spec.pod.kind: Required value"}),
    [](const auto& info) { return info.param.name; });

TEST(Validate, MissingMembersAreRequired) {
  EXPECT_EQ(Show(SchemaOf(kSchema).Validate(Yaml("spec: {}"))),
            "FieldValueInvalid spec: Invalid value: 0: spec in body should have at least 1 properties\n"
            "FieldValueRequired spec.name: Required value");
  EXPECT_EQ(Show(SchemaOf("{type: object, required: [spec]}").Validate(json::Object())),
            "FieldValueRequired spec: Required value");
}

TEST(Validate, DoesNotFaultAgainWhatDidNotChange) {
  Schema schema = SchemaOf(kSchema);
  json::Value old = Yaml("spec: {name: A, count: 3, set: [a, a], steps: [{name: a, size: x}, {name: b}]}");
  EXPECT_EQ(Show(schema.Validate(old, &old)), "");
  json::Value changed =
      Yaml("spec: {name: A, count: 5, set: [a, a], steps: [{name: b, size: large}, {name: a, size: x}]}");
  EXPECT_EQ(
      Show(schema.Validate(changed, &old)),
      "FieldValueInvalid spec.count: Invalid value: 5: spec.count in body should be a multiple of 2\n"
      "FieldValueTypeInvalid spec.steps[0].size: Invalid value: \"string\": spec.steps[0].size in body must be of type "
      "integer: \"string\"");
}

}  // namespace
}  // namespace coreflow::schema
