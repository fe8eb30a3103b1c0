#include "pkg/engine/stored_run.h"

#include <gtest/gtest.h>

#include "pkg/engine/testing/world.h"

namespace coreflow::engine {
namespace {

constexpr char kPipeline[] = R"json({"failFast": false,
  "steps": [
  {"name": "list", "image": "i:1", "command": ["list"], "outputs": [{"name": "parts", "type": "Array"}]},
  {"name": "each", "image": "i:1", "command": ["each", "$[[ item ]]"], "forEach": {"items": "steps.list.outputs.parts"}},
  {"name": "report", "image": "i:1", "command": ["report"], "dependsOn": ["each"]}],
  "outputs": [{"name": "parts", "value": "steps.list.outputs.parts"}]})json";

// What the records of a run of kPipeline tell.
StoredRun Read(const World::Behaviour& behaviour) {
  World world(Kind::kWorkflow, Spec(kPipeline), behaviour);
  auto owner = world.NewOwner();
  EXPECT_TRUE(world.Settle(*owner));
  std::map<int32_t, json::Value> records;
  for (const auto& [name, body] : world.records()) records[static_cast<int32_t>(body["index"].IntOr(0))] = body;
  return StoredRun::Read({.name = "etl", .namespace_name = "ns", .uid = "u", .number = 1}, records).value();
}

ContainerEnd Succeed(const PodView& pod) { return {.output = pod.step == "list" ? R"({"parts": ["a", "b"]})" : ""}; }

TEST(StoredRunTest, TellsWhatItemsWereGiven) {
  const StoredRun run = Read(Succeed);
  EXPECT_EQ(*run.ValueOf("each", 1), json::Value("b"));
  EXPECT_EQ(run.ValueOf("each", 2), nullptr);
  EXPECT_EQ(run.ValueOf("report", 0), nullptr);
  EXPECT_EQ(run.GivenTo("each", 1)->parts.at("command"), R"(["each","b"])");
  EXPECT_TRUE(run.Ended("report"));
}

TEST(StoredRunTest, TellsTheOutputsOfTheRun) {
  const json::Value outputs = Read(Succeed).Outputs();
  ASSERT_EQ(outputs.Elements().size(), 1U);
  EXPECT_EQ(outputs.Elements()[0]["value"], json::Value(json::Array{"a", "b"}));
}

TEST(StoredRunTest, TellsWhatFailedItemsWereGiven) {
  const StoredRun run = Read([](const PodView& pod) -> ContainerEnd {
    return pod.step == "each" ? ContainerEnd{.exit_code = 1} : Succeed(pod);
  });
  EXPECT_EQ(*run.ValueOf("each", 0), json::Value("a"));
  EXPECT_EQ(run.GivenTo("each", 0)->parts.at("command"), R"(["each","a"])");
}

TEST(StoredRunTest, KnowsNothingOfWhatHadNothingToRead) {
  const StoredRun run = Read([](const PodView&) { return ContainerEnd{.exit_code = 1}; });
  EXPECT_EQ(run.ValueOf("each", 0), nullptr);
  EXPECT_EQ(run.GivenTo("each", 0), std::nullopt);
  EXPECT_EQ(run.GivenTo("none", 0), std::nullopt);
  EXPECT_TRUE(run.Outputs().IsNull());
}

TEST(StoredRunTest, WithoutRecord0NothingIsKnown) {
  const auto run = StoredRun::Read({}, {});
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().message, "record 0 of the run is gone");
}

}  // namespace
}  // namespace coreflow::engine
