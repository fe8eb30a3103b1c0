#include "pkg/metrics/operator_metrics.h"

#include <gmock/gmock.h>

#include <thread>
#include <vector>

#include "pkg/metrics/series_value.h"

namespace coreflow::metrics {
namespace {

using api::Reason;
using api::ReasonClass;
using api::RunState;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

class OperatorMetricsTest : public testing::Test {
 protected:
  std::string Value(const std::string& series) const { return SeriesValue(registry_, series); }

  Registry registry_;
  OperatorMetrics metrics_{registry_, {.version = "1.2.3", .revision = "abc", .max_workflows = 2}};
};

constexpr Demand kBig = {.millicores = 1500, .memory_bytes = int64_t{4} << 30, .gpus = 2};

TEST_F(OperatorMetricsTest, GaugesAreThereWithZeroBeforeAnythingHappens) {
  EXPECT_EQ(Value("coreflow_workflow_runs{state=\"Running\"}"), "0");
  EXPECT_EQ(Value("coreflow_steps{queue=\"default\",state=\"Waiting\"}"), "0");
  EXPECT_EQ(Value("coreflow_steps_waiting{queue=\"default\",reason=\"WaitingForCapacity\"}"), "0");
  EXPECT_EQ(Value("coreflow_queue_demand{queue=\"default\",resource=\"gpu\"}"), "0");
  EXPECT_EQ(Value("coreflow_reconcile_errors_total{reason=\"Forbidden\"}"), "0");
  EXPECT_EQ(Value("coreflow_build_info{revision=\"abc\",version=\"1.2.3\"}"), "1");
}

TEST_F(OperatorMetricsTest, ARunCountsInItsPresentState) {
  auto run = metrics_.Track();
  EXPECT_EQ(Value("coreflow_workflow_runs{state=\"Pending\"}"), "0");
  run->Set(RunState::kPending, {});
  EXPECT_EQ(Value("coreflow_workflow_runs{state=\"Pending\"}"), "1");
  run->Set(RunState::kRunning, {});
  run->Set(RunState::kRunning, {});
  EXPECT_EQ(Value("coreflow_workflow_runs{state=\"Pending\"}"), "0");
  EXPECT_EQ(Value("coreflow_workflow_runs{state=\"Running\"}"), "1");
}

TEST_F(OperatorMetricsTest, StepsWaitByReasonAndOnlyThoseThatLackRoomAreDemand) {
  auto run = metrics_.Track();
  StepLoad load = {.running = 3};
  load.AddWaiting(Reason::kWaitingForCapacity, kBig, 2);
  load.AddWaiting(Reason::kWaitingForQuota, kBig);
  load.AddWaiting(Reason::kDependenciesRunning, kBig, 40);
  run->Set(RunState::kRunning, load);
  EXPECT_EQ(Value("coreflow_steps{queue=\"default\",state=\"Running\"}"), "3");
  EXPECT_EQ(Value("coreflow_steps{queue=\"default\",state=\"Waiting\"}"), "43");
  EXPECT_EQ(Value("coreflow_steps_waiting{queue=\"default\",reason=\"WaitingForCapacity\"}"), "2");
  EXPECT_EQ(Value("coreflow_steps_waiting{queue=\"default\",reason=\"DependenciesRunning\"}"), "40");
  EXPECT_EQ(Value("coreflow_queue_demand{queue=\"default\",resource=\"cpu\"}"), "4.5");
  EXPECT_EQ(Value("coreflow_queue_demand{queue=\"default\",resource=\"memory\"}"), "12884901888");
  EXPECT_EQ(Value("coreflow_queue_demand{queue=\"default\",resource=\"gpu\"}"), "6");
}

TEST_F(OperatorMetricsTest, HowLongStepsHaveWaitedAddsUpByReason) {
  auto run = metrics_.Track();
  StepLoad load;
  load.AddWaiting(Reason::kWaitingForQuota, {}, 3);
  run->Set(RunState::kRunning, load, seconds(7));  // before that nothing waited
  EXPECT_EQ(Value("coreflow_step_wait_seconds_total{queue=\"default\",reason=\"WaitingForQuota\"}"), "0");
  run->Set(RunState::kRunning, {}, seconds(10));
  run->Set(RunState::kRunning, {}, seconds(10));
  EXPECT_EQ(Value("coreflow_step_wait_seconds_total{queue=\"default\",reason=\"WaitingForQuota\"}"), "30");
  EXPECT_EQ(Value("coreflow_step_wait_seconds_total{queue=\"default\",reason=\"Starting\"}"), "0");
}

TEST_F(OperatorMetricsTest, ManyRunsThatComeAndGoLeaveExactlyNothingBehind) {
  {
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 300; ++i) {
          auto run = metrics_.Track();
          StepLoad load = {.running = 1};
          load.AddWaiting(Reason::kWaitingForCapacity, {.millicores = 100 + i, .memory_bytes = int64_t{3} * i}, 1);
          run->Set(RunState::kPending, load);
          load.AddWaiting(Reason::kStarting, {}, 5);
          run->Set(RunState::kRunning, load);
        }
      });
    }
  }
  EXPECT_EQ(Value("coreflow_workflow_runs{state=\"Running\"}"), "0");
  EXPECT_EQ(Value("coreflow_workflow_runs{state=\"Pending\"}"), "0");
  EXPECT_EQ(Value("coreflow_steps{queue=\"default\",state=\"Waiting\"}"), "0");
  EXPECT_EQ(Value("coreflow_steps_waiting{queue=\"default\",reason=\"Starting\"}"), "0");
  EXPECT_EQ(Value("coreflow_queue_demand{queue=\"default\",resource=\"cpu\"}"), "0");
  EXPECT_EQ(Value("coreflow_queue_demand{queue=\"default\",resource=\"memory\"}"), "0");
}

TEST_F(OperatorMetricsTest, EndedRunsCountByResultAndWorkflowUpToTheCap) {
  for (const char* name : {"a", "b", "c", "d", "a"}) metrics_.RunFinished(name, ReasonClass::kSuccess, seconds(90));
  metrics_.RunFinished("a", ReasonClass::kError, milliseconds(500));
  EXPECT_EQ(Value("coreflow_workflow_runs_finished_total{result=\"success\",workflow=\"a\"}"), "2");
  EXPECT_EQ(Value("coreflow_workflow_runs_finished_total{result=\"success\",workflow=\"_other\"}"), "2");
  EXPECT_EQ(Value("coreflow_workflow_runs_finished_total{result=\"error\",workflow=\"a\"}"), "1");
  EXPECT_EQ(Value("coreflow_workflow_run_duration_seconds_sum{result=\"success\",workflow=\"a\"}"), "180");
  EXPECT_EQ(Value("coreflow_workflow_run_duration_seconds_bucket{result=\"success\",workflow=\"a\",le=\"60\"}"), "0");
  EXPECT_EQ(Value("coreflow_workflow_run_duration_seconds_bucket{result=\"success\",workflow=\"a\",le=\"300\"}"), "2");
  EXPECT_EQ(Value("coreflow_workflow_run_duration_seconds_sum{result=\"error\",workflow=\"a\"}"), "0.5");
}

TEST_F(OperatorMetricsTest, RequestsCountUnderKnownLabelsOnly) {
  metrics_.ApiRequest("create", "pods", 201);
  metrics_.ApiRequest("create", "pods", 0);
  metrics_.ApiRequest("brew", "teapots", 418);
  EXPECT_EQ(Value("coreflow_api_requests_total{code=\"201\",resource=\"pods\",verb=\"create\"}"), "1");
  EXPECT_EQ(Value("coreflow_api_requests_total{code=\"none\",resource=\"pods\",verb=\"create\"}"), "1");
  EXPECT_EQ(Value("coreflow_api_requests_total{code=\"other\",resource=\"other\",verb=\"other\"}"), "1");
  EXPECT_THAT(registry_.Text(), Not(HasSubstr("teapots")));
}

TEST_F(OperatorMetricsTest, AnswersOfTheStepCacheCountByDecision) {
  for (const char* decision : {"Hit", "Miss", "Refreshed", "NotCacheable"}) {
    EXPECT_EQ(Value(std::string("coreflow_cache_requests_total{result=\"") + decision + "\"}"), "0");
  }
  metrics_.CacheAnswered("Hit", seconds(40));
  metrics_.CacheAnswered("Hit", seconds(2));
  metrics_.CacheAnswered("Miss", seconds(0));
  metrics_.CacheAnswered("Perhaps", seconds(0));
  EXPECT_EQ(Value("coreflow_cache_requests_total{result=\"Hit\"}"), "2");
  EXPECT_EQ(Value("coreflow_cache_requests_total{result=\"Miss\"}"), "1");
  EXPECT_EQ(Value("coreflow_cache_saved_seconds_total"), "42");
  EXPECT_THAT(registry_.Text(), Not(HasSubstr("Perhaps")));
}

TEST_F(OperatorMetricsTest, EveryErrorCodeHasItsOwnReason) {
  for (int code = 0; code <= static_cast<int>(Code::kInternal); ++code) {
    metrics_.ReconcileFailed(static_cast<Code>(code));
    const std::string name = CodeName(static_cast<Code>(code));
    EXPECT_EQ(Value("coreflow_reconcile_errors_total{reason=\"" + name + "\"}"), "1");
  }
}

TEST_F(OperatorMetricsTest, OfAllSuccessesOfAWorkflowTheLastOneCounts) {
  metrics_.Succeeded("nightly", Time(milliseconds(2'000'500)));
  metrics_.Succeeded("nightly", Time(milliseconds(1'000'000)));
  EXPECT_EQ(Value("coreflow_workflow_last_success_timestamp_seconds{workflow=\"nightly\"}"), "2000.5");
}

TEST_F(OperatorMetricsTest, TheRestIsSetAsTold) {
  metrics_.StepStarted(milliseconds(300));
  metrics_.Reconciled(milliseconds(2));
  metrics_.SetLeader(true);
  metrics_.SetFenced(true);
  metrics_.AddQuarantined(2);
  metrics_.AddQuarantined(-1);
  EXPECT_EQ(Value("coreflow_step_start_latency_seconds_sum"), "0.3");
  EXPECT_EQ(Value("coreflow_reconcile_duration_seconds_count"), "1");
  EXPECT_EQ(Value("coreflow_leader"), "1");
  EXPECT_EQ(Value("coreflow_fenced"), "1");
  EXPECT_EQ(Value("coreflow_quarantined_objects"), "1");
  metrics_.SetLeader(false);
  metrics_.SetFenced(false);
  EXPECT_EQ(Value("coreflow_fenced"), "0");
  EXPECT_EQ(Value("coreflow_leader"), "0");
}

TEST_F(OperatorMetricsTest, NamesAndHelpFollowPrometheus) {
  for (const Description& metric : registry_.Descriptions()) {
    EXPECT_TRUE(metric.name.starts_with("coreflow_")) << metric.name;
    EXPECT_EQ(metric.name.ends_with("_total"), metric.type == Type::kCounter) << metric.name;
    const bool instant = metric.name.ends_with("_timestamp_seconds");
    EXPECT_EQ(metric.name.ends_with("_seconds") && !instant, metric.type == Type::kHistogram) << metric.name;
    EXPECT_TRUE(metric.help.ends_with('.')) << metric.name;
    EXPECT_TRUE(metric.use.empty() || metric.use.ends_with('.')) << metric.name;
  }
}

}  // namespace
}  // namespace coreflow::metrics
