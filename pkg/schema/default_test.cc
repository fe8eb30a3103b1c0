#include "pkg/schema/parse_for_test.h"

namespace coreflow::schema {
namespace {

constexpr const char* kSchema = R"(
type: object
properties:
  limit: {type: integer, default: 3}
  free: {type: string}
  empty: {type: string, nullable: true, default: x}
  outer: {type: object, default: {}, properties: {inner: {type: string, default: v}}}
  deep: {type: object, properties: {inner: {type: string, default: z}}}
  list: {type: array, items: {type: object, properties: {protocol: {type: string, default: TCP}}}}
  map: {type: object, additionalProperties: {type: string, default: w}}
)";

struct Case {
  const char* name;
  const char* object;
  const char* want;
};
void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class DefaultTest : public testing::TestWithParam<Case> {};

TEST_P(DefaultTest, FillsIn) { EXPECT_EQ(SchemaOf(kSchema).Default(Yaml(GetParam().object)), Yaml(GetParam().want)); }

INSTANTIATE_TEST_SUITE_P(
    Tables, DefaultTest,
    testing::Values(
        Case{.name = "AbsentMembersAndThoseWithin", .object = "{}", .want = "{limit: 3, empty: x, outer: {inner: v}}"},
        Case{.name = "NothingIntoWhatIsAbsent",
             .object = "{limit: 1, empty: a, outer: {inner: b}}",
             .want = "{limit: 1, empty: a, outer: {inner: b}}"},
        Case{.name = "NullBecomesTheDefault",
             .object = "{limit: null, empty: a, outer: null}",
             .want = "{limit: 3, empty: a, outer: {inner: v}}"},
        Case{.name = "NullStaysWhereItMay",
             .object = "{limit: 1, empty: null, outer: {inner: b}}",
             .want = "{limit: 1, empty: null, outer: {inner: b}}"},
        Case{.name = "NullWithoutDefaultIsDropped",
             .object = "{limit: 1, empty: a, outer: {inner: b}, free: null, deep: null}",
             .want = "{limit: 1, empty: a, outer: {inner: b}}"},
        Case{.name = "ElementsAndMembersOfMaps",
             .object = "{limit: 1, empty: a, outer: {inner: b}, list: [{}, {protocol: UDP}], map: {a: null}}",
             .want = "{limit: 1, empty: a, outer: {inner: b}, list: [{protocol: TCP}, {protocol: UDP}], "
                     "map: {a: w}}"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace coreflow::schema
