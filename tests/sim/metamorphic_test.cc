// Random workflows that come to the same whether results are kept or not, of which exactly that runs which has to.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "pkg/base/hash.h"
#include "tests/sim/known_faults.h"

namespace coreflow::sim {
namespace {

using json::Array;
using json::Object;
using json::Value;

constexpr int kPlans = 40;

// What a step computes: a number from its command and from the numbers of some steps before it. Few are possible, so
// that a change often changes nothing of what follows.
int64_t Compute(const std::string& command, const std::map<std::string, std::string>& given) {
  std::string all = command;
  for (const auto& [name, value] : given) all += " " + name + "=" + value;
  return static_cast<int64_t>(Fnv1a64(all) % 3);
}

struct Planned {
  int command = 0;
  std::vector<size_t> takes = {};
};
using Plan = std::vector<Planned>;

std::string Named(const char* what, size_t index) { return what + std::to_string(index); }

Plan RandomPlan(Dice& dice) {
  Plan plan(3 + dice.Below(6));
  for (size_t i = 0; i < plan.size(); ++i) {
    plan[i].command = static_cast<int>(dice.Below(3));
    for (size_t before = 0; before < i; ++before) {
      if (dice.Chance(400)) plan[i].takes.push_back(before);
    }
  }
  return plan;
}

struct Expected {
  std::vector<int64_t> values = {};
  std::set<std::string> keys = {};  // equal ones are computed once
};

Expected Predict(const Plan& plan) {
  Expected expected;
  for (const Planned& step : plan) {
    std::map<std::string, std::string> given;
    for (size_t of : step.takes) given["PARAM_" + Named("P", of)] = std::to_string(expected.values[of]);
    expected.values.push_back(Compute(std::to_string(step.command), given));
    std::string key = std::to_string(step.command);
    for (const auto& [name, value] : given) key += " " + name + "=" + value;
    expected.keys.insert(key);
  }
  return expected;
}

// The step and all that come after it.
size_t Follow(const Plan& plan, size_t first) {
  std::set<size_t> all = {first};
  for (size_t i = first + 1; i < plan.size(); ++i) {
    for (size_t of : plan[i].takes) {
      if (all.contains(of)) all.insert(i);
    }
  }
  return all.size();
}

Object SpecOf(const Plan& plan, const char* cache) {
  Array steps;
  Array outputs;
  for (size_t i = 0; i < plan.size(); ++i) {
    Array parameters;
    for (size_t of : plan[i].takes) {
      parameters.push_back(
          Object{{"name", Named("p", of)}, {"value", "$[[ steps." + Named("s", of) + ".outputs.n ]]"}});
    }
    steps.push_back(Object{{"name", Named("s", i)},
                           {"command", Array{std::to_string(plan[i].command)}},
                           {"parameters", std::move(parameters)},
                           {"outputs", Array{Object{{"name", "n"}, {"type", "Integer"}}}}});
    outputs.push_back(Object{{"name", Named("o", i)}, {"value", "steps." + Named("s", i) + ".outputs.n"}});
  }
  const std::string image = "busybox@sha256:" + std::string(64, 'a');
  return {{"defaults", Object{{"image", image}, {"cache", Object{{"mode", cache}}}}},
          {"steps", std::move(steps)},
          {"outputs", std::move(outputs)}};
}

simulation::Behaviour ComputeInPod(const Value& pod) {
  const Value& container = pod["spec"]["containers"].Elements().at(0);
  std::map<std::string, std::string> given;
  for (const Value& variable : container["env"].Elements()) {
    const std::string name = variable["name"].StringOr("");
    if (name.starts_with("PARAM_")) given[name] = variable["value"].StringOr("");
  }
  const int64_t value = Compute(container["command"].Elements().at(0).StringOr(""), given);
  return {.end = {.output = "n=" + std::to_string(value) + "\n"}};
}

// A stage on which one workflow is played after another.
class Stage {
 public:
  explicit Stage(int store_faults) : simulation_({.store_faults = store_faults, .script = ComputeInPod}) {
    for (auto& process : simulation_.processes()) simulation_.StartProcess(*process, {});
  }

  struct Came {
    std::vector<int64_t> values = {};
    size_t pods = 0;
  };
  // What a workflow of that name comes to.
  Came Play(const std::string& name, Object spec) {
    const int before = CreatedPods(simulation_.audit());
    const auto made = simulation_.cluster().Create(
        apiserver::Workflows(), "default", Object{{"metadata", Object{{"name", name}}}, {"spec", std::move(spec)}});
    CHECK(made.has_value(), "the workflow is taken");
    simulation_.ExpectRunsEnd(std::chrono::minutes(30));
    EXPECT_FALSE(simulation_.Failed()) << simulation_.Report();
    Came came{.pods = static_cast<size_t>(CreatedPods(simulation_.audit()) - before)};
    const Value object = simulation_.cluster().Get(apiserver::Workflows(), "default", name);
    for (const Value& output : object["status"]["outputs"].Elements()) came.values.push_back(output["value"].IntOr(-1));
    return came;
  }

 private:
  Simulation simulation_;
};

// Of a random plan, and of the same with one step's command changed.
class Metamorphic : public testing::TestWithParam<int> {
 protected:
  Metamorphic() : dice_(static_cast<uint64_t>(GetParam()), "plans"), plan_(RandomPlan(dice_)), edited_(plan_) {
    change_ = dice_.Below(plan_.size());
    edited_[change_].command += 10;
  }

  Dice dice_;
  const Plan plan_;
  Plan edited_;
  size_t change_ = 0;
};

TEST_P(Metamorphic, AWorkflowComesToTheSameWithoutACacheWithAColdOneAndWithAWarmOne) {
  const Expected expected = Predict(plan_);
  Stage stage(0);
  const auto off = stage.Play("off", SpecOf(plan_, "Never"));
  EXPECT_EQ(off.values, expected.values);
  EXPECT_EQ(off.pods, plan_.size());
  const auto cold = stage.Play("cold", SpecOf(plan_, "Auto"));
  EXPECT_EQ(cold.values, expected.values);
  EXPECT_EQ(cold.pods, expected.keys.size());
  const auto warm = stage.Play("warm", SpecOf(plan_, "Auto"));
  EXPECT_EQ(warm.values, expected.values);
  EXPECT_EQ(warm.pods, 0U);
}

TEST_P(Metamorphic, AWorkflowComesToTheSameWithAStoreThatIsNeverRight) {
  Stage stage(1000);
  for (const char* name : {"first", "second"}) {
    const auto came = stage.Play(name, SpecOf(plan_, "Auto"));
    EXPECT_EQ(came.values, Predict(plan_).values);
    EXPECT_LE(came.pods, plan_.size());
  }
}

TEST_P(Metamorphic, AfterAnEditThatRunsWhoseKeyIsNew) {
  const Expected expected = Predict(edited_);
  std::set<std::string> fresh = expected.keys;
  for (const std::string& key : Predict(plan_).keys) fresh.erase(key);
  Stage stage(0);
  stage.Play("before", SpecOf(plan_, "Auto"));
  const auto after = stage.Play("after", SpecOf(edited_, "Auto"));
  EXPECT_EQ(after.values, expected.values);
  EXPECT_EQ(after.pods, fresh.size());
}

TEST_P(Metamorphic, ARunThatContinuesRunsWhatWasChangedAndWhatComesAfter) {
  Stage stage(0);
  stage.Play("before", SpecOf(plan_, "Never"));
  Object spec = SpecOf(edited_, "Never");
  spec["retryFrom"] = Object{{"run", "before/1"}};
  const auto after = stage.Play("after", std::move(spec));
  EXPECT_EQ(after.values, Predict(edited_).values);
  EXPECT_EQ(after.pods, Follow(edited_, change_));
}

INSTANTIATE_TEST_SUITE_P(Plans, Metamorphic, testing::Range(0, kPlans));

}  // namespace
}  // namespace coreflow::sim
