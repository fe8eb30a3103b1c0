// Which trace a run is part of, and what its steps are told of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "pkg/engine/owner.h"
#include "pkg/engine/run_trace.h"
#include "pkg/engine/testing/world.h"

namespace coreflow::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kTrace[] = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr char kParent[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
constexpr char kOtherParent[] = "00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01";

constexpr char kOneStep[] =
    R"json({"podCleanup": "Never", "steps": [{"name": "a", "image": "i:1", "command": ["x"],
            "retryPolicy": {"limit": 1, "backoffSeconds": 0}}]})json";

class TracingTest : public testing::Test {
 protected:
  World Make(const std::string& spec = kOneStep) {
    World world(Kind::kWorkflow, Spec(spec), [this](const PodView& pod) {
      return ContainerEnd{.exit_code = fails && pod.facts && pod.facts->attempt == 1 ? 1 : 0};
    });
    world.said = [this](const EmitEvent& event) { said.push_back(event.reason); };
    return world;
  }

  // What all pods that were created have as TRACEPARENT, in the order of their creation.
  static std::vector<std::string> Told(const World& world) {
    std::vector<std::string> told;
    for (const std::string& name : world.created()) {
      const json::Value pod = world.pods().at(name).object;
      for (const json::Value& variable : pod["spec"]["containers"].Elements().front()["env"].Elements()) {
        if (variable["name"] == json::Value("TRACEPARENT")) told.push_back(variable["value"].StringOr(""));
      }
    }
    return told;
  }

  static std::string In(const std::string& trace, const std::string& pod, const std::string& flags = "01") {
    return "00-" + trace + "-" + AttemptSpan(pod) + "-" + flags;
  }

  const Term traced{.traced = true};
  bool fails = false;
  std::vector<std::string> said;
};

TEST_F(TracingTest, WithoutTracingNothingIsTold) {
  World world = Make();
  world.SetTraceparent(kParent);
  ASSERT_TRUE(world.Settle(*world.NewOwner()));
  EXPECT_THAT(Told(world), IsEmpty());
}

TEST_F(TracingTest, EachAttemptIsToldItsOwnSpanInTheTraceOfTheRun) {
  fails = true;
  World world = Make();
  ASSERT_TRUE(world.Settle(*world.NewOwner(traced)));
  ASSERT_EQ(world.created().size(), 2U);
  const std::string trace = TraceOf(world.object().uid, 1, "").trace_id;
  EXPECT_THAT(Told(world), ElementsAre(In(trace, world.created()[0]), In(trace, world.created()[1])));
}

TEST_F(TracingTest, AnotherRunIsAnotherTrace) {
  EXPECT_NE(TraceOf("u", 1, "").trace_id, TraceOf("u", 2, "").trace_id);
  EXPECT_NE(RunSpan("u", 1), RunSpan("u", 2));
  EXPECT_NE(ItemSpan("u", 1, "a", 0), ItemSpan("u", 1, "a", std::nullopt));
}

TEST_F(TracingTest, AStepThatSaysItselfKeepsWhatItSays) {
  World world = Make(R"json({"podCleanup": "Never", "steps": [{"name": "a", "image": "i:1", "command": ["x"],
                             "env": [{"name": "TRACEPARENT", "value": "mine"}]}]})json");
  ASSERT_TRUE(world.Settle(*world.NewOwner(traced)));
  EXPECT_THAT(Told(world), ElementsAre("mine"));
}

TEST_F(TracingTest, ARunIsPartOfTheTraceInTheAnnotation) {
  for (const char* flags : {"01", "00"}) {
    World world = Make();
    world.SetTraceparent(std::string(kParent).substr(0, 53) + flags);
    ASSERT_TRUE(world.Settle(*world.NewOwner(traced)));
    EXPECT_THAT(Told(world), ElementsAre(In(kTrace, world.created()[0], flags)));
  }
}

TEST_F(TracingTest, AnEditOfTheAnnotationIsForTheNextRun) {
  fails = true;
  World world = Make();
  world.SetTraceparent(kParent);
  auto owner = world.NewOwner(traced);
  for (int rounds = 0; rounds < 20 && world.created().empty(); ++rounds) world.Settle(*owner, 1);
  world.SetTraceparent(kOtherParent);
  owner = world.NewOwner(traced);  // a restart changes nothing
  ASSERT_TRUE(world.Settle(*owner));
  fails = false;
  world.RequestRun("again");
  ASSERT_TRUE(world.Settle(*owner));
  const auto& pods = world.created();
  ASSERT_EQ(pods.size(), 3U);
  EXPECT_THAT(Told(world),
              ElementsAre(In(kTrace, pods[0]), In(kTrace, pods[1]), In("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", pods[2])));
  EXPECT_THAT(said, testing::Not(testing::Contains("TraceparentIgnored")));
}

TEST_F(TracingTest, AnAnnotationThatIsNoTraceparentIsIgnoredAndSaidToBe) {
  World world = Make();
  world.SetTraceparent("00-0-0-01");
  ASSERT_TRUE(world.Settle(*world.NewOwner(traced)));
  EXPECT_THAT(Told(world), ElementsAre(In(TraceOf(world.object().uid, 1, "").trace_id, world.created()[0])));
  EXPECT_EQ(std::ranges::count(said, "TraceparentIgnored"), 1);
  EXPECT_EQ(world.State(), "Succeeded");
}

}  // namespace
}  // namespace coreflow::engine
