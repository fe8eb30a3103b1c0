#include "operator/dev/pod_chance.h"

#include <gtest/gtest.h>

#include "pkg/engine/pod_view.h"
#include "pkg/json/parse.h"
#include "pkg/json/write.h"

namespace coreflow::dev {
namespace {

using simulation::Behaviour;

json::Value Workflow() {
  return json::Parse(R"({"metadata": {"name": "w"}, "spec": {"steps": [
      {"name": "a", "outputs": [{"name": "text"}, {"name": "count", "type": "Integer"}, {"name": "list", "type": "Array"},
                                {"name": "fine", "type": "Boolean"}, {"name": "all", "type": "Object"}]},
      {"name": "b"}]}})")
      .value();
}

json::Value Pod(const std::string& step, int item = 0, int attempt = 1) {
  const json::Value facts = engine::ToJson({.run = 1, .attempt = attempt, .item = item});
  return json::Object{
      {"metadata", json::Object{{"name", "p"},
                                {"namespace", "ci"},
                                {"labels", json::Object{{engine::kLabelStep, step}}},
                                {"annotations", json::Object{{engine::kAnnotationAttempt, json::Write(facts)}}}}}};
}

TEST(PodChanceTest, ASeedAlwaysGivesTheSame) {
  const Behaviour one = BehaviourOf(Pod("b"), Workflow(), {.seed = 7});
  const Behaviour two = BehaviourOf(Pod("b"), Workflow(), {.seed = 7});
  EXPECT_EQ(one.runs_for, two.runs_for);
  EXPECT_NE(one.runs_for, BehaviourOf(Pod("b"), Workflow(), {.seed = 8}).runs_for);
  EXPECT_NE(one.runs_for, BehaviourOf(Pod("b", 1), Workflow(), {.seed = 7}).runs_for);
  EXPECT_NE(one.runs_for, BehaviourOf(Pod("b", 0, 2), Workflow(), {.seed = 7}).runs_for);
}

TEST(PodChanceTest, AboutSoManyFail) {
  int failed = 0;
  int starved = 0;
  for (int item = 0; item < 2000; ++item) {
    const Behaviour behaviour = BehaviourOf(Pod("b", item), Workflow(), {.failure_rate = 20});
    failed += behaviour.end.exit_code != 0 ? 1 : 0;
    starved += behaviour.end.out_of_memory ? 1 : 0;
    ASSERT_GE(behaviour.runs_for, std::chrono::milliseconds(100));
    ASSERT_LE(behaviour.runs_for, std::chrono::seconds(3));
  }
  EXPECT_NEAR(failed, 400, 80);
  EXPECT_NEAR(starved, 100, 50);
}

TEST(PodChanceTest, NoneOrAllMayFail) {
  for (int item = 0; item < 200; ++item) {
    ASSERT_EQ(BehaviourOf(Pod("b", item), Workflow(), {.failure_rate = 0}).end.exit_code, 0);
    ASSERT_EQ(BehaviourOf(Pod("b", item), Workflow(), {.failure_rate = 100}).end.exit_code, 1);
  }
}

TEST(PodChanceTest, OutputsAreZeroOfTheirTypes) {
  EXPECT_EQ(json::Parse(BehaviourOf(Pod("a"), Workflow(), {.failure_rate = 0}).end.output).value(),
            json::Parse(R"({"text": "", "count": 0, "list": [], "fine": false, "all": {}})").value());
  EXPECT_EQ(BehaviourOf(Pod("b"), Workflow(), {.failure_rate = 0}).end.output, "");
}

}  // namespace
}  // namespace coreflow::dev
