#include "pkg/engine/outcome.h"

#include <gtest/gtest.h>

#include <ostream>

namespace coreflow::engine {
namespace {

using std::chrono::seconds;

constexpr Time kEnded{seconds(1'800'000'000)};

struct Case {
  const char* name;
  Duration asked;  // when the deletion was asked for, from the container's end
  int64_t grace;
  int32_t exit_code;
  api::Reason want;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class DeletedPodTest : public testing::TestWithParam<Case> {};

TEST_P(DeletedPodTest, IsJudgedByWhatCameFirst) {
  const Case& c = GetParam();
  PodView pod{.deletion_time = kEnded + c.asked + seconds(c.grace),
              .deletion_grace_seconds = c.grace,
              .phase = "Failed",
              .ended = true,
              .finished_at = kEnded,
              .exit_code = c.exit_code};
  const auto outcome = Judge(pod, {});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->reason, c.want);
}

using api::Reason;
INSTANTIATE_TEST_SUITE_P(
    Deletions, DeletedPodTest,
    testing::Values(Case{"TerminatedAndThenConfirmedByTheKubelet", seconds(1), 0, 143, Reason::kPodDeleted},
                    Case{"TerminatedByItselfBeforeAndStillInItsGracePeriod", seconds(1), 30, 143,
                         Reason::kCommandFailed},
                    Case{"FailedLongBefore", seconds(20), 0, 1, Reason::kCommandFailed},
                    Case{"FailedBeforeAndStillInItsGracePeriod", seconds(20), 30, 1, Reason::kCommandFailed},
                    Case{"KilledAfter", seconds(-2), 30, 137, Reason::kPodDeleted},
                    Case{"FailedWhileItWasStopped", seconds(-2), 30, 1, Reason::kPodDeleted},
                    Case{"FailedInTheSameSecond", seconds(0), 0, 1, Reason::kCommandFailed},
                    Case{"TerminatedInTheSameSecond", seconds(0), 30, 143, Reason::kPodDeleted},
                    Case{"KilledInTheSameSecond", seconds(0), 0, 137, Reason::kPodDeleted}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(Outcome, MemoryThatRanOutIsTheStepsOwnAlsoWhileItIsDeleted) {
  for (const int64_t grace : {30, 0}) {
    PodView pod{.deletion_time = kEnded + seconds(grace - 1),
                .deletion_grace_seconds = grace,
                .phase = "Failed",
                .ended = true,
                .finished_at = kEnded,
                .exit_code = 137,
                .exit_reason = "OOMKilled"};
    EXPECT_EQ(Judge(pod, {})->reason, api::Reason::kOutOfMemory) << "grace period " << grace;
  }
}

TEST(Outcome, AKillThatNobodyAskedForSaysThatMemoryMayBeWhy) {
  PodView pod{.phase = "Failed", .ended = true, .finished_at = kEnded, .exit_code = 137, .exit_reason = "Error"};
  const auto outcome = Judge(pod, {});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->kind, Outcome::Kind::kFailure) << "the node didn't say that it was the memory";
  EXPECT_EQ(outcome->message, "exit code 137, killed by SIGKILL: perhaps it ran out of memory");
}

}  // namespace
}  // namespace coreflow::engine
