#include "controllers/runs/fence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controllers/runs/fence_object.h"

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
                     "'coreflow-fence' denied request: coreflow-fence: epoch 0 is over; the bucket is at 1"),
             Fenced::kEpochIsOver},
        Case{"TheFenceObjectIsGone",
             Refused(Code::kInvalid,
                     "pods \"w-a-0-x\" is forbidden: ValidatingAdmissionPolicy 'coreflow-fence' with binding "
                     "'coreflow-fence' denied request: failed to configure binding: no params found for policy "
                     "binding with `Deny` parameterNotFoundAction"),
             Fenced::kObjectIsGone},
        Case{"TheApiServerHasNotReadTheObjectYet",
             Refused(Code::kInvalid,
                     "pods \"w-a-0-x\" is forbidden: ValidatingAdmissionPolicy 'coreflow-fence' with binding "
                     "'coreflow-fence' denied request: failed to configure binding: paramKind kind "
                     "`&ParamKind{APIVersion:coreflow.dev/v1alpha1,Kind:Fence,}` not yet synced to use for admission"),
             Fenced::kNotYet},
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

Value Stored(const Object& epochs) {
  return Object{{"metadata", Object{{"name", "coreflow"}, {"namespace", "ns"}, {"resourceVersion", "7"}}},
                {"spec", Object{{"holder", "former"}, {"epochs", epochs}}}};
}

TEST(RaiseFence, TheFirstLeaderMakesIt) {
  const RaisedFence fence = RaiseFence({}, "ns", "me", 1, kNow);
  EXPECT_EQ(fence.epoch, 1);
  EXPECT_EQ(fence.object["kind"], Value("Fence"));
  EXPECT_EQ(fence.object["metadata"]["namespace"], Value("ns"));
  EXPECT_EQ(fence.object["spec"]["holder"], Value("me"));
  EXPECT_EQ(fence.object["spec"]["epochs"].Members().size(), 64u);
  EXPECT_EQ(fence.object["spec"]["epochs"]["0"], Value(1));
  EXPECT_EQ(fence.object["spec"]["epochs"]["63"], Value(1));
}

TEST(RaiseFence, TheEpochIsAboveThatOfEveryBucket) {
  EXPECT_EQ(RaiseFence(Stored({{"3", 5}, {"9", 8}}), "ns", "me", 2, kNow).epoch, 9);
  EXPECT_EQ(RaiseFence(Stored({{"3", 5}}), "ns", "me", 12, kNow).epoch, 12);
}

TEST(RaiseFence, WhatIsStoredIsReplacedAtItsVersion) {
  const RaisedFence fence = RaiseFence(Stored({{"3", 5}}), "ns", "me", 1, kNow);
  EXPECT_EQ(fence.object["metadata"]["resourceVersion"], Value("7"));
  EXPECT_EQ(fence.object["spec"]["epochs"]["3"], Value(6));
  EXPECT_EQ(fence.object["spec"]["epochs"]["4"], Value(6));
}

}  // namespace
}  // namespace coreflow::runs
