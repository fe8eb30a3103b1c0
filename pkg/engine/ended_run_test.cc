#include "pkg/engine/ended_run.h"

#include <gtest/gtest.h>

#include "pkg/json/parse.h"

namespace coreflow::engine {
namespace {

RunLookedUp Of(const std::string& status, const std::string& name) {
  const auto object =
      json::Parse(R"({"metadata": {"name": "etl", "uid": "u1", "creationTimestamp": "2026-01-02T03:04:05Z"},
                                      "status": )" +
                  status + "}");
  return EndedRun(object.value(), api::ParseRunName(name).value());
}

constexpr char kTwoRuns[] = R"({"run": {"number": 3, "result": "Failed"}, "previousRuns": [{"number": 2}]})";

TEST(EndedRunTest, WithoutANumberItIsTheLastOne) {
  const RunLookedUp run = Of(kTwoRuns, "etl");
  EXPECT_EQ(run.problem, "");
  EXPECT_EQ(run.number, 3);
  EXPECT_EQ(run.uid, "u1");
  EXPECT_EQ(FormatTime(run.creation_time), "2026-01-02T03:04:05Z");
}

TEST(EndedRunTest, AnEarlierOneHasEndedForSure) {
  EXPECT_EQ(Of(kTwoRuns, "etl/2").problem, "");
  EXPECT_EQ(Of(kTwoRuns, "etl/2").number, 2);
}

TEST(EndedRunTest, OneThatGoesOnCanNotBeContinued) {
  EXPECT_EQ(Of(R"({"run": {"number": 1}})", "etl").problem, "etl/1 has not ended");
}

TEST(EndedRunTest, AnUnknownNumberIsToldWithThoseThereAre) {
  EXPECT_EQ(Of(kTwoRuns, "etl/7").problem, "etl has no run 7; it has 3, 2");
  EXPECT_EQ(Of(kTwoRuns, "etl/1").problem, "etl has no run 1; it has 3, 2");
}

TEST(EndedRunTest, WithoutAnyRunThereIsNoneToContinue) {
  for (const char* status : {"{}", "null", R"({"run": "x", "previousRuns": 7})"}) {
    EXPECT_EQ(Of(status, "etl").problem, "etl has not run yet") << status;
  }
}

}  // namespace
}  // namespace coreflow::engine
