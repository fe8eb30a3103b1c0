// What is told of a run that a controller runs in a whole cluster, in virtual time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "controllers/runs/controller.h"
#include "controllers/runs/reported.h"
#include "controllers/runs/reports.h"
#include "pkg/json/parse.h"
#include "pkg/reactor/virtual_loop.h"
#include "pkg/simulation/cluster.h"
#include "pkg/simulation/process_loop.h"
#include "pkg/telemetry/trace_context.h"

namespace coreflow::runs {
namespace {

using json::Object;
using json::Value;
using testing::ElementsAre;
using testing::SizeIs;

constexpr char kTrace[] = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr char kParent[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

constexpr char kSteps[] = R"json({"steps": [
  {"name": "a", "image": "i:1", "command": ["x"], "retryPolicy": {"limit": 1, "backoffSeconds": 1}},
  {"name": "b", "image": "i:1", "command": ["x"], "dependsOn": ["a"]}]})json";

class ControllerReportsTest : public testing::Test {
 protected:
  ControllerReportsTest() { Start(); }

  // An operator, and none before it: what that one has begun ends nowhere.
  void Start() {
    operator_.reset();
    operator_ = std::make_unique<Operator>(*this);
  }

  void Create() {
    const Object meta{{"name", "w"}, {"annotations", Object{{"coreflow.dev/traceparent", kParent}}}};
    ASSERT_TRUE(cluster_.Create(workflows_, "default",
                                Object{{"apiVersion", "coreflow.dev/v1alpha1"},
                                       {"kind", "Workflow"},
                                       {"metadata", meta},
                                       {"spec", *json::Parse(kSteps)}}));
  }
  std::string State() const { return cluster_.Get(workflows_, "default", "w")["status"]["state"].StringOr(""); }

  // The first pod fails; of all, what they are told is kept.
  simulation::Behaviour BehaviourOf(const Value& pod) {
    for (const Value& variable : pod["spec"]["containers"].Elements().at(0)["env"].Elements()) {
      if (variable["name"] != Value("TRACEPARENT")) continue;
      const auto told = telemetry::ParseTraceparent(variable["value"].StringOr(""));
      told_.push_back(told.value_or(telemetry::TraceContext()));
    }
    simulation::Behaviour behaviour;
    behaviour.end.exit_code = told_.size() == 1 ? 1 : 0;
    return behaviour;
  }

  struct Operator {
    explicit Operator(ControllerReportsTest& test)
        : loop(test.loop_, Duration(0)),
          transport(test.cluster_.Connect({.user_agent = "coreflow-operator"})),
          reports({.on_span = [&test](const telemetry::Span& span) { test.spans_.push_back(span); },
                   .on_event = [&test](const telemetry::CloudEvent& event) { test.events_.push_back(event.subject); }}),
          controller(loop, *transport, {.instance = "test", .random = [] { return 0.5; }, .traced = true},
                     Reported({}, reports, loop)) {
      controller.Start();
    }

    simulation::ProcessLoop loop;
    std::unique_ptr<simulation::FaultyTransport> transport;
    Reports reports;
    Controller controller;
  };

  const apiserver::Resource& workflows_ = *apiserver::FindKind("coreflow.dev/v1alpha1", "Workflow");
  reactor::VirtualLoop loop_;
  simulation::Cluster cluster_{loop_,
                               {.script = [this](const Value& pod) { return BehaviourOf(pod); }, .strict = true}};
  std::vector<telemetry::TraceContext> told_;  // to pods
  std::vector<telemetry::Span> spans_;
  std::vector<std::string> events_;
  std::unique_ptr<Operator> operator_;
};

TEST_F(ControllerReportsTest, SpansAreThoseThatPodsWereToldOf) {
  Create();
  loop_.Advance(std::chrono::minutes(5));
  ASSERT_EQ(State(), "Succeeded");
  ASSERT_THAT(told_, SizeIs(3));
  ASSERT_THAT(spans_, SizeIs(4));
  const telemetry::Span& run = spans_.back();
  EXPECT_EQ(run.name, "RUN w");
  EXPECT_EQ(run.parent_id, "00f067aa0ba902b7");
  for (size_t i = 0; i < told_.size(); ++i) {
    EXPECT_EQ(told_[i].trace_id, kTrace);
    EXPECT_EQ(spans_[i].trace_id, kTrace);
    EXPECT_EQ(spans_[i].span_id, told_[i].span_id);
    EXPECT_EQ(spans_[i].parent_id, run.span_id);
    EXPECT_GE(spans_[i].start, run.start);
    EXPECT_LE(spans_[i].end, run.end);
    EXPECT_EQ(spans_[i].failed, i == 0);
  }
  EXPECT_THAT(events_, ElementsAre("w/1/a", "w/1/b", "w/1"));
}

TEST_F(ControllerReportsTest, AnotherOperatorGoesOnWithTheSameTrace) {
  Create();
  while (told_.empty() && loop_.AdvanceToNext()) {
  }
  Start();
  loop_.Advance(std::chrono::minutes(5));
  ASSERT_EQ(State(), "Succeeded");
  ASSERT_THAT(told_, SizeIs(3));
  ASSERT_FALSE(spans_.empty());
  for (const telemetry::Span& span : spans_) EXPECT_EQ(span.trace_id, kTrace);
  EXPECT_EQ(spans_.back().name, "RUN w");
  EXPECT_EQ(spans_.back().parent_id, "00f067aa0ba902b7");
  spans_.clear();
  Start();
  loop_.Advance(std::chrono::minutes(5));
  EXPECT_THAT(spans_, SizeIs(0)) << "it has ended before";
}

}  // namespace
}  // namespace coreflow::runs
