#include "controllers/runs/fence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "controllers/runs/fence_leases.h"
#include "pkg/kube/election.h"

namespace coreflow::runs {
namespace {

using json::Array;
using json::Object;
using json::Value;
using kube::ApiError;

constexpr Time kNow{std::chrono::seconds(1'800'000'000)};

ApiError Refused(Code code, const std::string& message, std::vector<ApiError::Cause> causes = {}) {
  return {.error = {.code = code, .message = message}, .causes = std::move(causes)};
}

struct Case {
  const char* name;
  ApiError error;
  Fenced want;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class FencedByTest : public testing::TestWithParam<Case> {};

TEST_P(FencedByTest, ReadsWhatTheApiServerSays) { EXPECT_EQ(FencedBy(GetParam().error), GetParam().want); }

// The first two as kube-apiserver 1.34 says them.
INSTANTIATE_TEST_SUITE_P(
    Refusals, FencedByTest,
    testing::Values(
        Case{"TheEpochIsOver",
             Refused(Code::kForbidden,
                     "pods \"w-a-0-x\" is forbidden: ValidatingAdmissionPolicy 'coreflow-fence' with binding "
                     "'coreflow-fence-05' denied request: coreflow-fence: epoch 0 is over; the bucket is at 1"),
             Fenced::kEpochIsOver},
        Case{"TheLeaseIsGone",
             Refused(Code::kInvalid,
                     "pods \"w-a-0-x\" is forbidden: ValidatingAdmissionPolicy 'coreflow-fence' with binding "
                     "'coreflow-fence-05' denied request: failed to configure binding: no params found for policy "
                     "binding with `Deny` parameterNotFoundAction"),
             Fenced::kLeaseIsGone},
        Case{"OneStatusIsOfALaterEpoch",
             Refused(Code::kInvalid, "Workflow.coreflow.dev \"w\" is invalid: status: Forbidden: coreflow-fence: …",
                     {{"FieldValueForbidden", "Forbidden: coreflow-fence: written by a replica that leads no more",
                       "status"}}),
             Fenced::kNo},
        Case{"AnotherPolicy",
             Refused(Code::kForbidden,
                     "pods \"x\" is forbidden: ValidatingAdmissionPolicy 'images' with binding "
                     "'images' denied request: coreflow-fence: epoch 0 is over"),
             Fenced::kNo},
        Case{"AUserWhoQuotesTheFenceInHisPod",
             Refused(Code::kForbidden,
                     "pods \"x\" is forbidden: violates PodSecurity \"restricted:latest\": "
                     "seLinuxOptions (type \"\" is forbidden: ValidatingAdmissionPolicy "
                     "'coreflow-fence' denied request: coreflow-fence: \")"),
             Fenced::kNo},
        Case{"AUserWhoQuotesTheFenceInHisOutputs",
             Refused(Code::kInvalid, "Workflow.coreflow.dev \"w\" is invalid",
                     {{"FieldValueInvalid", "Invalid value: \"Forbidden: coreflow-fence: \"", "status.outputs[0]"}}),
             Fenced::kNo},
        Case{"ANameWithoutEnd", Refused(Code::kForbidden, "pods \"x"), Fenced::kNo},
        Case{"Nothing", Refused(Code::kForbidden, ""), Fenced::kNo}),
    [](const auto& info) { return std::string(info.param.name); });

Value Stored(const std::string& name, int64_t epoch) {
  return Object{{"metadata", Object{{"name", name}, {"namespace", "ns"}, {"resourceVersion", "7"}}},
                {"spec", Object{{"holderIdentity", "former"}, {"leaseTransitions", epoch}, {"strategy", "kept"}}}};
}

TEST(RaiseFence, TheFirstLeaderMakesALeaseForEachBucket) {
  const FenceLeases fence = RaiseFence({}, "ns", "me", 1, kNow);
  EXPECT_EQ(fence.epoch, 1);
  std::set<std::string> names;
  for (const auto& write : fence.writes) {
    names.insert(write.name);
    EXPECT_TRUE(write.is_new);
    EXPECT_EQ(write.lease["metadata"]["name"].StringOr(""), write.name);
    EXPECT_EQ(kube::election::EpochOf(write.lease), 1);
    EXPECT_EQ(kube::election::HolderOf(write.lease), "me");
  }
  EXPECT_EQ(names.size(), 64u);
  EXPECT_EQ(*names.begin(), "coreflow-bucket-00");
  EXPECT_EQ(*names.rbegin(), "coreflow-bucket-63");
}

TEST(RaiseFence, TheEpochIsAboveThatOfEveryBucket) {
  const FenceLeases fence =
      RaiseFence({Stored("coreflow-bucket-03", 5), Stored("coreflow-bucket-09", 8)}, "ns", "me", 2, kNow);
  EXPECT_EQ(fence.epoch, 9);
  EXPECT_EQ(RaiseFence({Stored("coreflow-bucket-03", 5)}, "ns", "me", 12, kNow).epoch, 12);
}

TEST(RaiseFence, AStoredLeaseIsReplacedAtItsVersionAndKeepsWhatWeDoNotKnow) {
  const FenceLeases fence = RaiseFence({Stored("coreflow-bucket-03", 5)}, "ns", "me", 1, kNow);
  const auto& write = fence.writes.at(3);
  EXPECT_FALSE(write.is_new);
  EXPECT_EQ(write.lease["metadata"]["resourceVersion"].StringOr(""), "7");
  EXPECT_EQ(write.lease["spec"]["strategy"].StringOr(""), "kept");
  EXPECT_EQ(kube::election::EpochOf(write.lease), 6);
}

}  // namespace
}  // namespace coreflow::runs
