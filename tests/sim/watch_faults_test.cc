// What other workflow engines did wrong when a watch was late, broke or lied (docs/faults-tested.md).
#include <gtest/gtest.h>

#include "tests/sim/known_faults.h"

namespace coreflow::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// Watches of one collection show a frame only when so many later ones are known.
class Behind : public simulation::Faults {
 public:
  Behind(std::string collection, size_t frames) : collection_(std::move(collection)), frames_(frames) {}
  simulation::RequestFault OnRequest(const http::Request&) override { return {}; }
  simulation::WatchFault OnWatch(const http::Request& request) override {
    return {.behind = request.target.find(collection_) == std::string::npos ? 0 : frames_};
  }
  simulation::FrameFault OnFrame(const http::Request&) override { return {}; }

 private:
  std::string collection_;
  size_t frames_;
};

class LateWatchTest : public testing::TestWithParam<size_t> {};

TEST_P(LateWatchTest, AnOldCopyOfAWorkflowStartsNothingTwice) {
  Behind faults("/workflows?", GetParam());
  OneWorkflow world(kTwoSteps, {.seed = GetParam(), .faults = &faults, .script = OneWorkflow::Seconds});
  EXPECT_EQ(world.End(), "Succeeded");
  EXPECT_EQ(world.Created(), 2);
}

TEST_P(LateWatchTest, APodThatWasCleanedUpIsNotMadeAgain) {
  Behind faults("/pods?", GetParam());
  OneWorkflow world(R"json({"podCleanup": "OnCompletion", "steps": [
      {"name": "each", "image": "i:1", "command": ["x"], "forEach": {"items": "[1, 2, 3, 4, 5]", "parallelism": 1}}]})json",
                    {.seed = GetParam(), .faults = &faults, .script = OneWorkflow::Seconds});
  EXPECT_EQ(world.End(), "Succeeded");
  EXPECT_EQ(world.Created(), 5);
}

INSTANTIATE_TEST_SUITE_P(Frames, LateWatchTest, testing::Range<size_t>(1, 21));

// The nth frame of all watches of a collection meets a fault.
class FrameAt : public simulation::Faults {
 public:
  FrameAt(std::string collection, int nth, simulation::FrameFault::Kind kind)
      : collection_(std::move(collection)), nth_(nth), kind_(kind) {}
  simulation::RequestFault OnRequest(const http::Request&) override { return {}; }
  simulation::WatchFault OnWatch(const http::Request&) override { return {}; }
  simulation::FrameFault OnFrame(const http::Request& watch) override {
    if (watch.target.find(collection_) == std::string::npos || ++seen_ != nth_) return {};
    return {.kind = kind_};
  }
  int seen() const { return seen_; }

 private:
  std::string collection_;
  const int nth_;
  const simulation::FrameFault::Kind kind_;
  int seen_ = 0;
};

class BrokenWatchTest : public testing::TestWithParam<simulation::FrameFault::Kind> {};

TEST_P(BrokenWatchTest, AWatchThatBreaksAtAnyEventHangsNothing) {
  for (const char* collection : {"/pods?", "/workflows?", "/workflowrecords?"}) {
    for (int nth = 1;; ++nth) {
      FrameAt faults(collection, nth, GetParam());
      OneWorkflow world(kTwoSteps, {.faults = &faults, .script = OneWorkflow::Seconds});
      EXPECT_EQ(world.End(), "Succeeded") << collection << " " << nth;
      EXPECT_EQ(world.Created(), 2) << collection << " " << nth;
      if (faults.seen() < nth || testing::Test::HasFailure()) break;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, BrokenWatchTest,
                         testing::Values(simulation::FrameFault::Kind::kCut, simulation::FrameFault::Kind::kEnded,
                                         simulation::FrameFault::Kind::kSilence, simulation::FrameFault::Kind::kExpired,
                                         simulation::FrameFault::Kind::kTruncated,
                                         simulation::FrameFault::Kind::kTwice),
                         [](const auto& info) { return std::string(simulation::FrameFaultName(info.param)); });

TEST(LabelStormTest, AThousandLabelsDuringARunStartNothingTwice) {
  OneWorkflow world(kTwoSteps);
  for (int i = 0; i < 1000; ++i) {
    const json::Value labels = json::Object{{"touched", std::to_string(i)}};
    ASSERT_TRUE(world.simulation.cluster().MergePatch(apiserver::Workflows(), "default", "w",
                                                      json::Object{{"metadata", json::Object{{"labels", labels}}}}));
    world.simulation.Advance(milliseconds(7));
  }
  EXPECT_EQ(world.End(), "Succeeded");
  EXPECT_EQ(world.Created(), 2);
}

TEST(ResultTest, AStepSeesTheOutputsOfTheOneBeforeWhateverComesLate) {
  for (uint64_t seed = 1; seed <= 16; ++seed) {
    OneWorkflow world(R"json({"steps": [
        {"name": "split", "image": "i:1", "command": ["x"], "outputs": [{"name": "parts", "type": "Array"}]},
        {"name": "each", "image": "i:1", "command": ["x"], "forEach": {"items": "steps.split.outputs.parts"},
         "outputs": [{"name": "words", "type": "Integer"}], "retryPolicy": {"limit": 0, "infrastructureLimit": 9}}],
        "outputs": [{"name": "total", "value": "steps.each.outputs.words.sum()"}]})json",
                      {.seed = seed, .rates = simulation::Turbulent(), .script = [](const json::Value& pod) {
                         const bool split = engine::ParsePod(pod).step == "split";
                         return simulation::Behaviour{.end = {.output = split ? "parts=[1,2,3]\n" : "words=7\n"}};
                       }});
    EXPECT_EQ(world.End(), "Succeeded");
    EXPECT_EQ(json::Write(world.Object()["status"]["outputs"]), R"([{"name":"total","value":21}])") << seed;
  }
}

}  // namespace
}  // namespace coreflow::sim
