#include "pkg/schema/optional_old_self.h"
#include "pkg/schema/parse_for_test.h"
#include "pkg/schema/rule_names.h"

namespace coreflow::schema {
namespace {

struct Case {
  const char* name;
  const char* schema;
  const char* object;
  const char* old;  // "": there was none
  std::string want{};
};
void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class RulesTest : public testing::TestWithParam<Case> {};

TEST_P(RulesTest, AreHeld) {
  Schema schema = SchemaOf(std::string("type: object\n") + GetParam().schema);
  json::Value old = Yaml(GetParam().old);
  EXPECT_EQ(Show(schema.Validate(Yaml(GetParam().object), *GetParam().old == '\0' ? nullptr : &old)), GetParam().want);
}

constexpr const char* kLimits = R"(
properties:
  spec:
    type: object
    x-kubernetes-validations:
    - {rule: self.min <= self.max, message: ' min is too large ', fieldPath: .min}
    - {rule: self.max < 100, messageExpression: '"max is " + string(self.max)', reason: FieldValueForbidden}
    - {rule: self.max > 0}
    properties: {min: {type: integer}, max: {type: integer}}
)";

constexpr const char* kTransitions = R"(
x-kubernetes-validations: [{rule: '!has(oldSelf.epoch) || self.epoch >= oldSelf.epoch', message: never back}]
properties:
  epoch: {type: integer}
  fixed: {type: string, x-kubernetes-validations: [{rule: self == oldSelf, message: is fixed}]}
  once: {type: object, x-kubernetes-preserve-unknown-fields: true,
         x-kubernetes-validations: [{rule: self == oldSelf, message: is fixed too}]}
  optional: {type: integer, x-kubernetes-validations:
             [{rule: '!oldSelf.hasValue() ? self == 1 : self >= oldSelf.value()', optionalOldSelf: true}]}
  steps:
    type: array
    x-kubernetes-list-type: map
    x-kubernetes-list-map-keys: [name]
    items:
      type: object
      properties:
        name: {type: string}
        size: {type: integer, x-kubernetes-validations: [{rule: self >= oldSelf}]}
)";

constexpr const char* kNames = R"(
x-kubernetes-validations:
- rule: self.__namespace__ == 'a' && self.a__dash__b == 1 && self.metadata.name.startsWith('x') && self.kind == 'K'
properties:
  namespace: {type: string}
  a-b: {type: integer}
)";

INSTANTIATE_TEST_SUITE_P(
    Tables, RulesTest,
    testing::Values(
        Case{.name = "Kept", .schema = kLimits, .object = "spec: {min: 1, max: 2}", .old = ""},
        Case{.name = "BrokenWithFieldPath",
             .schema = kLimits,
             .object = "spec: {min: 3, max: 2}",
             .old = "",
             .want = "FieldValueInvalid spec.min: Invalid value: \"object\": min is too large"},
        Case{.name = "BrokenWithExpressionAndReason",
             .schema = kLimits,
             .object = "spec: {min: 3, max: 200}",
             .old = "",
             .want = "FieldValueForbidden spec: Forbidden: max is 200"},
        Case{.name = "BrokenWithoutMessage",
             .schema = kLimits,
             .object = "spec: {min: -1, max: 0}",
             .old = "",
             .want = "FieldValueInvalid spec: Invalid value: \"object\": failed rule: self.max > 0"},
        Case{.name = "NotCheckedAfterAWrongType",
             .schema = kLimits,
             .object = "spec: {min: a, max: 0}",
             .old = "",
             .want =
                 "FieldValueTypeInvalid spec.min: Invalid value: \"string\": spec.min in body must be of type integer: "
                 "\"string\"\n"
                 "FieldValueInvalid <nil>: Invalid value: null: some validation rules were not checked because the "
                 "object was invalid; correct the existing errors to complete validation"},
        Case{.name = "NotFaultedAgainWhenUnchanged",
             .schema = kLimits,
             .object = "{spec: {min: 3, max: 2}, a: 1}",
             .old = "spec: {min: 3, max: 2}"},
        Case{.name = "TransitionsNeedAnOldValue", .schema = kTransitions, .object = "{epoch: 1, fixed: a}", .old = ""},
        Case{.name = "TransitionsBroken",
             .schema = kTransitions,
             .object = "{epoch: 1, fixed: a, once: {a: {b: 1}}}",
             .old = "{epoch: 2, fixed: b, once: {a: {b: 2}}}",
             .want = "FieldValueInvalid <nil>: Invalid value: \"object\": never back\n"
                     "FieldValueInvalid fixed: Invalid value: \"string\": is fixed\n"
                     "FieldValueInvalid once: Invalid value: \"object\": is fixed too"},
        Case{.name = "TransitionsKept",
             .schema = kTransitions,
             .object = "{epoch: 3, fixed: a, once: {a: {b: 1}}}",
             .old = "{epoch: 2, fixed: a, once: {a: {b: 1}}}"},
        Case{.name = "ElementsAreMatchedByTheirKeys",
             .schema = kTransitions,
             .object = "{epoch: 1, steps: [{name: b, size: 1}, {name: a, size: 5}, {name: c, size: 0}]}",
             .old = "{epoch: 1, steps: [{name: a, size: 4}, {name: b, size: 2}]}",
             .want = "FieldValueInvalid steps[0].size: Invalid value: \"integer\": failed rule: self >= oldSelf"},
        Case{.name = "ElementsWithoutTheirKeyMatchNone",
             .schema = kTransitions,
             .object = "{epoch: 1, steps: [{size: 1}]}",
             .old = "{epoch: 1, steps: [{size: 4}]}"},
        Case{
            .name = "OptionalOldSelfRunsWithoutOne",
            .schema = kTransitions,
            .object = "{optional: 2}",
            .old = "",
            .want =
                "FieldValueInvalid optional: Invalid value: \"integer\": failed rule: !oldSelf.hasValue() ? self == 1 : "
                "self >= oldSelf.value()"},
        Case{.name = "OptionalOldSelfRunsWithOne",
             .schema = kTransitions,
             .object = "{epoch: 1, optional: 3}",
             .old = "{epoch: 1, optional: 2}"},
        Case{.name = "NamesAreEscapedAndMetadataIsSeen",
             .schema = kNames,
             .object = "{namespace: a, a-b: 1, kind: K, metadata: {name: xy}}",
             .old = ""},
        Case{
            .name = "FailedEvaluation",
            .schema = "properties: {a: {type: string}}\nx-kubernetes-validations: [{rule: self.a == 'x'}]",
            .object = "{}",
            .old = "",
            .want = "FieldValueInvalid <nil>: Invalid value: \"object\": no such key: a (at offset 5) evaluating rule: "
                    "self.a == 'x'"}),
    [](const auto& info) { return info.param.name; });

TEST(Rules, ThatDoNotCompileAreAllNamed) {
  auto schema = Schema::Parse(Yaml(R"(
type: object
properties:
  a: {type: string, x-kubernetes-validations: [{rule: self + 1 == 2}, {rule: self}]}
)"));
  ASSERT_FALSE(schema.has_value());
  EXPECT_EQ(schema.error().code, Code::kInvalid);
  EXPECT_NE(schema.error().message.find("properties.a.x-kubernetes-validations[0].rule: compilation failed: "),
            std::string::npos)
      << schema.error().message;
  EXPECT_NE(schema.error().message.find("x-kubernetes-validations[1].rule"), std::string::npos);
}

TEST(Rules, WithOptionalOldSelfAreRewritten) {
  EXPECT_EQ(RewriteOptionalOldSelf("oldSelf.orValue('a)') == self"),
            "(__oldSelf_hasValue ? __oldSelf_value : ('a)')) == self");
  EXPECT_EQ(RewriteOptionalOldSelf("'oldSelf.value()' == my.oldSelf.value()"),
            "'oldSelf.value()' == my.oldSelf.value()");
}

TEST(Rules, EscapeNames) {
  EXPECT_EQ(EscapeName("namespace"), "__namespace__");
  EXPECT_EQ(EscapeName("a.b/c-d__e"), "a__dot__b__slash__c__dash__d__underscores__e");
  EXPECT_EQ(EscapeName("1a"), std::nullopt);
  EXPECT_EQ(EscapeName("a b"), std::nullopt);
}

}  // namespace
}  // namespace coreflow::schema
