#include "controllers/runs/reports.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "pkg/engine/run_trace.h"
#include "pkg/engine/testing/world.h"

namespace coreflow::runs {
namespace {

using engine::ContainerEnd;
using engine::PodView;
using engine::World;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kTwo[] = R"json({"defaults": {"image": "i", "command": ["x"]}, "steps": [
  {"name": "a", "retryPolicy": {"limit": 1, "backoffSeconds": 0}},
  {"name": "b", "dependsOn": ["a"], "when": "false"}]})json";

// What is told while the world of the engine goes on, as the controller would tell it.
class ReportsTest : public testing::Test {
 protected:
  World Make() {
    return World(engine::Kind::kWorkflow, engine::Spec(kTwo), [this](const PodView& pod) {
      return ContainerEnd{.exit_code = first_fails && pod.facts && pod.facts->attempt == 1 ? 1 : 0};
    });
  }

  void Settle(World& world, engine::Owner& owner, int most = 200) {
    std::set<std::string> known;
    for (const auto& [name, body] : world.records()) known.insert(name);
    for (int rounds = 0; rounds < most; ++rounds) {
      world.Settle(owner, 1);
      reports_.Decided(owner, world.now);
      for (const auto& [name, body] : world.records()) {
        if (!known.insert(name).second) continue;
        reports_.Recorded(owner.uid(), {.run = Number(body, "run"), .index = Number(body, "index"), .body = body},
                          world.now);
      }
    }
  }
  static int32_t Number(const json::Value& body, const char* name) { return static_cast<int32_t>(body[name].IntOr(0)); }

  bool first_fails = false;
  std::vector<std::string> spans_;  // "a Succeeded 1": name, state and attempt
  std::vector<std::string> ids_;
  std::vector<std::string> events_;
  telemetry::CloudEvent last_event_;
  Reports reports_{{.on_span =
                        [this](const telemetry::Span& span) {
                          ids_.push_back(span.span_id);
                          std::string text = span.name;
                          if (const auto state = span.attributes.find("coreflow.state"); state != span.attributes.end())
                            text += " " + state->second.AsString();
                          if (const auto at = span.attributes.find("coreflow.attempt"); at != span.attributes.end())
                            text += " " + std::to_string(at->second.AsInt());
                          spans_.push_back(text);
                        },
                    .on_event =
                        [this](const telemetry::CloudEvent& event) {
                          last_event_ = event;
                          events_.push_back(event.subject + " " + event.data.at("state").AsString());
                        }}};
  const engine::Term traced_{.traced = true};
};

TEST_F(ReportsTest, EachStepAndTheRunAreToldOnce) {
  World world = Make();
  Settle(world, *world.NewOwner(traced_));
  ASSERT_EQ(world.State(), "Succeeded");
  EXPECT_THAT(spans_, ElementsAre("a Succeeded 1", "b Skipped", "RUN w"));
  EXPECT_THAT(events_, ElementsAre("w/1/a Succeeded", "w/1/b Skipped", "w/1 Succeeded"));
}

TEST_F(ReportsTest, AnAttemptThatWasFollowedByAnotherHasASpanButNoEvent) {
  first_fails = true;
  World world = Make();
  Settle(world, *world.NewOwner(traced_));
  ASSERT_EQ(world.State(), "Succeeded");
  EXPECT_THAT(spans_, ElementsAre("a Failed 1", "a Succeeded 2", "b Skipped", "RUN w"));
  EXPECT_THAT(events_, ElementsAre("w/1/a Succeeded", "w/1/b Skipped", "w/1 Succeeded"));
  ASSERT_EQ(world.created().size(), 2U);
  EXPECT_EQ(ids_[0], engine::AttemptSpan(world.created()[0])) << "as the pod was told";
  EXPECT_EQ(ids_[1], engine::AttemptSpan(world.created()[1]));
}

TEST_F(ReportsTest, TheEndIsToldAsTheStatusHasIt) {
  World world(engine::Kind::kWorkflow, engine::Spec(kTwo), [](const PodView&) { return ContainerEnd{.exit_code = 7}; });
  Settle(world, *world.NewOwner(traced_));
  ASSERT_EQ(world.State(), "Failed");
  const json::Value& condition = world.status()["conditions"].Elements().at(0);
  ASSERT_NE(condition["message"].StringOr(""), "");
  EXPECT_EQ(last_event_.type, "dev.coreflow.run.ended");
  EXPECT_EQ(last_event_.data.at("message"), condition["message"]);
  EXPECT_EQ(last_event_.data.at("reason"), condition["reason"]);
  EXPECT_EQ(last_event_.data.at("result"), json::Value("failure"));
  EXPECT_EQ(last_event_.data.at("completionTime"), world.status()["run"]["completionTime"]);
}

TEST_F(ReportsTest, EachRunOfAnObjectIsTold) {
  World world = Make();
  auto owner = world.NewOwner(traced_);
  Settle(world, *owner);
  world.RequestRun("again");
  Settle(world, *owner);
  EXPECT_EQ(std::ranges::count(spans_, "RUN w"), 2);
  EXPECT_EQ(std::ranges::count(events_, "w/2 Succeeded"), 1);
}

TEST_F(ReportsTest, ARunThatEndedBeforeWeCameIsNotToldAgain) {
  World world = Make();
  ASSERT_TRUE(world.Settle(*world.NewOwner(traced_)));
  Settle(world, *world.NewOwner(traced_));
  EXPECT_THAT(spans_, IsEmpty());
  EXPECT_THAT(events_, IsEmpty());
}

TEST_F(ReportsTest, WithoutTracingThereAreEventsAlone) {
  World world = Make();
  Settle(world, *world.NewOwner());
  EXPECT_THAT(spans_, IsEmpty());
  EXPECT_EQ(events_.size(), 3U);
}

TEST_F(ReportsTest, OfATraceThatNobodyKeepsThereAreNoSpans) {
  World world = Make();
  world.SetTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");
  Settle(world, *world.NewOwner(traced_));
  EXPECT_THAT(spans_, IsEmpty());
  EXPECT_EQ(events_.size(), 3U);
}

TEST_F(ReportsTest, WhatIsNoResultInARecordIsLeftOut) {
  World world = Make();
  auto owner = world.NewOwner(traced_);
  Settle(world, *owner, 3);
  spans_.clear();
  const json::Value body = json::Object{{"results", json::Array{"x", json::Object{{"step", 1}}, json::Object()}}};
  reports_.Recorded(owner->uid(), {.run = 1, .index = 9, .body = body}, world.now);
  EXPECT_THAT(spans_, IsEmpty());
}

TEST_F(ReportsTest, AnObjectThatIsGoneIsForgotten) {
  World world = Make();
  auto owner = world.NewOwner(traced_);
  Settle(world, *owner, 3);
  reports_.Forget(owner->uid());
  spans_.clear();
  const json::Value body = json::Object{{"results", json::Array{json::Object{{"step", "a"}, {"state", "Succeeded"}}}}};
  reports_.Recorded(owner->uid(), {.run = 1, .index = 1, .body = body}, world.now);
  EXPECT_THAT(spans_, IsEmpty());
}

}  // namespace
}  // namespace coreflow::runs
