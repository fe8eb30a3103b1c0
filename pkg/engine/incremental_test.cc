#include <gtest/gtest.h>

#include <string>

#include "pkg/engine/testing/allocations.h"
#include "pkg/engine/testing/world.h"

// Work is counted in allocations: the same on every machine, and nothing the engine does for many items does without.
namespace coreflow::engine {
namespace {

// What the engine allocates for the news of one pod, on average of `many`, in a run of so many items that all run.
struct Cost {
  double start = 0;  // of a container
  double end = 0;    // of an item
};

Cost CostWith(int items) {
  std::string list;
  for (int i = 0; i < items; ++i) list += (i > 0 ? "," : "") + std::to_string(i);
  World world(Kind::kWorkflow,
              Spec(R"({"steps": [{"name": "a", "image": "i:1", "command": ["x"], "forEach": {"items": "[)" + list +
                   R"(]"}}]})"),
              [](const PodView&) -> ContainerEnd { return {}; });
  auto owner = world.NewOwner();
  auto decide = [&] {
    Actions actions = owner->Decide(world.now);
    for (const Action& action : actions) world.Apply(*owner, action);
    return !actions.empty();
  };
  while (world.created().size() < static_cast<size_t>(items) && decide()) {
  }
  auto news = [&](const PodView& pod) {
    const int64_t before = Allocations();
    owner->Observe(PodSeen{pod});
    Actions actions = owner->Decide(world.now);
    const int64_t cost = Allocations() - before;
    for (const Action& action : actions) world.Apply(*owner, action);
    return static_cast<double>(cost);
  };
  constexpr int kMany = 20;
  Cost cost;
  int seen = 0;
  for (const auto& [name, stored] : world.pods()) {
    if (++seen > kMany) break;
    PodView pod = stored.view;
    pod.phase = "Running";
    pod.resource_version = std::to_string(1'000'000 + seen);
    pod.started_at = world.now;
    cost.start += news(pod) / kMany;
    pod.phase = "Succeeded";
    pod.resource_version = std::to_string(2'000'000 + seen);
    pod.ended = true;
    cost.end += news(pod) / kMany;
  }
  return cost;
}

TEST(Laws, IncrementalInItems) {
  const Cost few = CostWith(100);
  const Cost many = CostWith(5000);
  RecordProperty("start", std::to_string(few.start) + " and " + std::to_string(many.start));
  EXPECT_GT(few.start, 0);
  EXPECT_LT(many.start, few.start * 2) << few.start << " with 100 items";
  EXPECT_LT(many.end, few.end * 2) << few.end << " with 100 items";
}

// What the end of one step costs when the next one starts, which reads what the last of so many wrote.
double CostOfAStep(int steps) {
  std::string list;
  for (int i = 0; i < steps; ++i) {
    list += R"({"name": "one-of-many-steps-)" + std::to_string(i) +
            R"(", "image": "i:1", "command": ["x", "$[[ steps.first.outputs.n ]]"]},)";
  }
  list += R"({"name": "first", "image": "i:1", "command": ["x"], "outputs": [{"name": "n", "type": "Integer"}]})";
  World world(Kind::kWorkflow, Spec(R"({"parallelism": 1, "steps": [)" + list + "]}"),
              [](const PodView& pod) -> ContainerEnd { return {.output = pod.step == "first" ? "n=1" : ""}; });
  auto owner = world.NewOwner();
  int64_t spent = 0;
  while (world.created().size() < 21) {
    if (world.created().size() == 1) spent = 0;
    world.Tell(*owner);
    const int64_t before = Allocations();
    Actions actions = owner->Decide(world.now);
    spent += Allocations() - before;
    for (const Action& action : actions) world.Apply(*owner, action);
    world.LetPodsGoOn();
  }
  return static_cast<double>(spent) / 20;
}

TEST(Laws, IncrementalInSteps) {
  const double few = CostOfAStep(30);
  const double many = CostOfAStep(900);
  EXPECT_GT(few, 0);
  EXPECT_LT(many, few * 2) << few << " with 30 steps";
}

}  // namespace
}  // namespace coreflow::engine
