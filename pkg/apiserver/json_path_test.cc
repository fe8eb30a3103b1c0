#include "pkg/apiserver/json_path.h"

#include <gtest/gtest.h>

#include "pkg/json/parse.h"
#include "pkg/json/write.h"

namespace coreflow::apiserver {
namespace {

constexpr char kObject[] = R"({
  "spec": {"steps": [{"name": "a"}, {"name": "b"}], "a-b": 1},
  "status": {"state": "Running", "ready": true, "conditions": [
    {"type": "Ready", "status": "True"},
    {"type": "Ready", "status": "Later"},
    {"type": "Half"},
    {"type": 3}]}})";

struct PathCase {
  const char* name;
  const char* path;
  const char* want;
};
void PrintTo(const PathCase& c, std::ostream* out) { *out << c.name; }

class Finds : public testing::TestWithParam<PathCase> {};

TEST_P(Finds, ByPath) {
  const auto object = json::Parse(kObject);
  ASSERT_TRUE(object.has_value());
  EXPECT_EQ(json::Write(FindByPath(*object, GetParam().path)), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    JsonPath, Finds,
    testing::Values(PathCase{"AMember", ".status.state", R"("Running")"}, PathCase{"WithADash", ".spec.a-b", "1"},
                    PathCase{"AnObject", ".spec.steps[1]", R"({"name":"b"})"},
                    PathCase{"AnElementsMember", ".spec.steps[0].name", R"("a")"},
                    PathCase{"NothingPastTheEnd", ".spec.steps[2].name", "null"},
                    PathCase{"NothingBeforeTheStart", ".spec.steps[-1].name", "null"},
                    PathCase{"NothingInWhatIsNoList", ".status.state[0]", "null"},
                    PathCase{"NothingBelowAScalar", ".status.state.more", "null"},
                    PathCase{"NothingThatIsMissing", ".status.missing.more", "null"},
                    PathCase{"TheFirstThatMatches", R"(.status.conditions[?(@.type=="Ready")].status)", R"("True")"},
                    PathCase{"NothingWhenNoneMatches", R"(.status.conditions[?(@.type=="Other")].status)", "null"},
                    PathCase{"NothingOfAMatchWithoutIt", R"(.status.conditions[?(@.type=="Half")].status)", "null"},
                    PathCase{"NothingWithoutADot", "status", "null"},
                    PathCase{"NothingForAnOpenBracket", ".spec.steps[0", "null"},
                    PathCase{"NothingForAnOpenFilter", ".status.conditions[?(@.type==", "null"},
                    PathCase{"NothingForAShortFilter", R"(.status.conditions[?(@.type==)])", "null"},
                    PathCase{"NothingForAStar", ".spec.steps[*].name", "null"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace coreflow::apiserver
