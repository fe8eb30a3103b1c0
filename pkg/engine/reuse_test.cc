#include "pkg/engine/reuse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pkg/engine/testing/world.h"

namespace coreflow::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kPipeline[] = R"json({"failFast": false,
  "parameters": [{"name": "list", "type": "Array", "default": [1, 2, 3]}],
  "steps": [
  {"name": "load", "image": "i:1", "command": ["load"], "outputs": [{"name": "rows", "type": "Integer"}]},
  {"name": "each", "image": "i:1", "command": ["each"], "forEach": {"items": "params.list"}, "dependsOn": ["load"]},
  {"name": "report", "image": "i:1", "command": ["report", "$[[ steps.load.outputs.rows ]]"], "dependsOn": ["each"]}],
  "finally": [{"name": "tidy", "image": "i:1", "command": ["tidy"]}]})json";

// How the first run of kPipeline goes, and what a run of another spec takes from it.
class ReuseTest : public testing::Test {
 protected:
  void RunFirst(const World::Behaviour& behaviour) {
    World world(Kind::kWorkflow, Spec(kPipeline), behaviour);
    auto owner = world.NewOwner();
    ASSERT_TRUE(world.Settle(*owner));
    for (const auto& [name, body] : world.records()) records_[static_cast<int32_t>(body["index"].IntOr(0))] = body;
  }

  // "each[1]" for each item that is taken; `edit` replaces one text in the spec by another.
  std::vector<std::string> Taken(const std::string& text = "", const std::string& edit = "",
                                 const std::set<std::string>& again = {}) {
    std::string spec = kPipeline;
    if (!text.empty()) spec.replace(spec.find(text), text.size(), edit);
    const Accepted accepted = Accept(Kind::kWorkflow, Spec(spec), "etl", "ns");
    EXPECT_EQ(DescribeProblems(accepted.problems), "");
    const RunFacts facts{.name = "etl", .namespace_name = "ns", .uid = "u", .number = 2};
    plan_ = PlanReuse(accepted.graph, facts, EarlierRun::Read(facts, records_, {}).value(), again);
    std::vector<std::string> taken;
    for (const RecordItem& item : plan_.taken) {
      taken.push_back(item.step + (item.index ? "[" + std::to_string(*item.index) + "]" : ""));
    }
    return taken;
  }

  // "each 1: it did not succeed" for each step of which something runs.
  std::vector<std::string> Runs() const {
    std::vector<std::string> runs;
    for (const StepReuse& step : plan_.steps) {
      if (step.to_run == 0) continue;
      runs.push_back(step.step + " " + (step.to_run ? std::to_string(*step.to_run) : "?") + ": " + step.because);
    }
    return runs;
  }

  std::map<int32_t, json::Value> records_;
  Reuse plan_;
};

ContainerEnd Succeed(const PodView& pod) { return {.output = pod.step == "load" ? "rows=7" : ""}; }

TEST_F(ReuseTest, OfASucceededRunAllIsTakenButFinally) {
  RunFirst(Succeed);
  EXPECT_THAT(Taken(), ElementsAre("load", "each[0]", "each[1]", "each[2]", "report"));
  EXPECT_THAT(Runs(), ElementsAre("tidy 1: it is in finally"));
  EXPECT_EQ(plan_.taken.front().result.outputs.at("rows"), json::Value(7));
}

TEST_F(ReuseTest, WhatFailedRunsAgainAndWhatDependsOnIt) {
  RunFirst([](const PodView& pod) -> ContainerEnd {
    if (pod.step == "each" && pod.facts->item == 1) return {.exit_code = 1};
    return Succeed(pod);
  });
  EXPECT_THAT(Taken(), ElementsAre("load", "each[0]", "each[2]"));
  EXPECT_THAT(Runs(),
              ElementsAre("each 1: it did not succeed", "report 1: it comes after each", "tidy 1: it is in finally"));
}

TEST_F(ReuseTest, WhatIsChangedRunsAgainAndWhatDependsOnIt) {
  RunFirst(Succeed);
  EXPECT_THAT(Taken(R"("command": ["load"])", R"("command": ["load", "-v"])"), IsEmpty());
  EXPECT_THAT(Runs(), ElementsAre(R"(load 1: command ["load"] → ["load","-v"])", "each ?: it comes after load",
                                  "report 1: it comes after load", "tidy 1: it is in finally"));
  EXPECT_THAT(Taken(R"("each"], "forEach")", R"("each", "-v"], "forEach")"), ElementsAre("load"));
  EXPECT_THAT(Taken(R"("report", "$[[)", R"("print", "$[[)"), ElementsAre("load", "each[0]", "each[1]", "each[2]"));
}

TEST_F(ReuseTest, ItemsAreFoundByWhatTheyAre) {
  RunFirst(Succeed);
  EXPECT_THAT(Taken("[1, 2, 3]", "[3, 4, 2]"), ElementsAre("load", "each[0]", "each[2]"));
  EXPECT_THAT(Runs(), ElementsAre("each 1: item 2 → 4", "report 1: it comes after each", "tidy 1: it is in finally"));
}

TEST_F(ReuseTest, ANewStepRunsAndDoesNotDisturbTheOthers) {
  RunFirst(Succeed);
  EXPECT_THAT(Taken(R"("steps": [)", R"("steps": [{"name": "extra", "image": "i:1", "command": ["x"]},)"),
              ElementsAre("load", "each[0]", "each[1]", "each[2]", "report"));
  EXPECT_THAT(Runs(), ElementsAre("extra 1: it is new", "tidy 1: it is in finally"));
}

TEST_F(ReuseTest, WhatIsAskedForRunsAgain) {
  RunFirst(Succeed);
  EXPECT_THAT(Taken("", "", {"each"}), ElementsAre("load"));
  EXPECT_THAT(Runs(),
              ElementsAre("each 3: it was asked for", "report 1: it comes after each", "tidy 1: it is in finally"));
}

TEST_F(ReuseTest, AStepThatIsSkippedNowTakesNothing) {
  RunFirst(Succeed);
  EXPECT_THAT(Taken(R"("name": "report",)", R"("name": "report", "when": "false",)"),
              ElementsAre("load", "each[0]", "each[1]", "each[2]"));
}

TEST_F(ReuseTest, ARunWithoutARecordZeroCanNotBeRead) {
  RunFirst(Succeed);
  records_.erase(0);
  EXPECT_EQ(EarlierRun::Read({}, records_, {}).error().message, "record 0 of the run is gone");
}

}  // namespace
}  // namespace coreflow::engine
