#include "operator/manager/health.h"

#include <gmock/gmock.h>

#include "pkg/reactor/virtual_loop.h"

namespace coreflow::manager {
namespace {

using std::chrono::seconds;

class HealthTest : public testing::Test {
 protected:
  http::Response Get(const std::string& path, const std::string& method = "GET") {
    return ProbeRoutes({registry_, process_, liveness_, readiness_}).at(path)({.method = method, .target = path});
  }

  std::chrono::steady_clock::time_point now_;
  reactor::VirtualLoop loop_;
  metrics::Registry registry_;
  metrics::ProcessMetrics process_{registry_};
  Liveness liveness_{loop_, [this] { return now_; }};
  Readiness readiness_{{"informers", "election"}};
};

TEST_F(HealthTest, ALoopThatAnswersIsAliveHoweverRarelyItIsAsked) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Get("/healthz").status, 200);
    loop_.RunUntilIdle();
    now_ += seconds(3600);
  }
}

TEST_F(HealthTest, ALoopThatDoesNotAnswerForAMinuteIsDead) {
  EXPECT_EQ(Get("/healthz").status, 200);
  now_ += seconds(60);
  EXPECT_EQ(Get("/healthz").status, 200);
  now_ += seconds(1);
  EXPECT_EQ(Get("/healthz").status, 503);
  loop_.RunUntilIdle();
  EXPECT_EQ(Get("/healthz").status, 200);
}

TEST_F(HealthTest, ALoopWithALongQueueIsAliveAndProbesAddNothingToIt) {
  for (int i = 0; i < 1000; ++i) Get("/healthz");
  EXPECT_EQ(loop_.RunUntilIdle(), 1u);
}

TEST_F(HealthTest, APingMayComeBackAfterTheQuestionIsForgotten) {
  { Liveness(loop_).Alive(); }
  EXPECT_EQ(loop_.RunUntilIdle(), 1u);
}

TEST_F(HealthTest, ReadinessSaysWhatIsMissing) {
  EXPECT_EQ(Get("/readyz").status, 503);
  EXPECT_EQ(Get("/readyz").body, "waiting for election, informers\n");
  readiness_.Set("election", true);
  EXPECT_EQ(Get("/readyz").body, "waiting for informers\n");
  readiness_.Set("informers", true);
  EXPECT_EQ(Get("/readyz").status, 200);
  readiness_.Set("informers", false);
  EXPECT_EQ(Get("/readyz").status, 503);
}

TEST_F(HealthTest, MetricsAreFreshAndOfPrometheusType) {
  const http::Response answer = Get("/metrics");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(answer.body, testing::HasSubstr("\nprocess_resident_memory_bytes "));
  EXPECT_THAT(answer.body, testing::Not(testing::HasSubstr("\nprocess_resident_memory_bytes 0\n")));
}

TEST_F(HealthTest, NothingCanBeWritten) {
  for (const char* path : {"/metrics", "/healthz", "/readyz"}) {
    EXPECT_EQ(Get(path, "POST").status, 405);
    EXPECT_EQ(Get(path, "POST").headers.at("allow"), "GET, HEAD");
    EXPECT_NE(Get(path, "HEAD").status, 405);
  }
}

}  // namespace
}  // namespace coreflow::manager
