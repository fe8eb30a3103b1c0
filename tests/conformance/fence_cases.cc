// The fence's policies (charts/coreflow/templates/fence.yaml), and the rule of the CRDs that belongs to it. Each case
// has a bucket of its own, so that none waits for what another one wrote.
#include <gtest/gtest.h>

#include "tests/conformance/case.h"

namespace coreflow::conformance {

namespace {

json::Object Labels(int bucket, int epoch) {
  return {{"labels", json::Object{{"coreflow.dev/bucket", std::to_string(bucket)},
                                  {"coreflow.dev/epoch", std::to_string(epoch)}}}};
}

// What the server says to a pod of that epoch; none is stored.
Answer Try(Session& session, int bucket, int epoch) {
  return session.Post(session.Pods() + "?dryRun=All", PodBody("trial", Labels(bucket, epoch)));
}

// Sets the bucket's epoch in the Fence, and waits until the policies have heard of it.
void SetEpoch(Session& session, int bucket, int epoch) {
  const json::Object spec{{"epochs", json::Object{{std::to_string(bucket), epoch}}}};
  if (session.MergePatch(session.Fences() + "/coreflow", json::Object{{"spec", spec}}).status == 404) {
    const json::Object made{{"apiVersion", "coreflow.dev/v1alpha1"},
                            {"kind", "Fence"},
                            {"metadata", json::Object{{"name", "coreflow"}}},
                            {"spec", spec}};
    EXPECT_EQ(session.Post(session.Fences(), made).Said(), "201");
  }
  EXPECT_TRUE(session.Until([&] {
    return Try(session, bucket, epoch - 1).status == 403 && Try(session, bucket, epoch).status == 201;
  })) << "the fence's policies are not there, or do not work";
}

void APodOfAnEpochThatIsOverIsRefused(Session& session) {
  SetEpoch(session, 1, 5);
  const Answer refused = session.Post(session.Pods(), PodBody("p", Labels(1, 4)));
  EXPECT_EQ(refused.Said(), "403 Forbidden");
  EXPECT_EQ(refused["message"],
            json::Value("pods \"p\" is forbidden: ValidatingAdmissionPolicy 'coreflow-fence' with binding "
                        "'coreflow-fence' denied request: coreflow-fence: epoch 4 is over; the bucket is at 5"));
  EXPECT_EQ(session.Get(session.Pods() + "/p").Said(), "404 NotFound");
  EXPECT_EQ(session.Post(session.Pods(), PodBody("now", Labels(1, 5))).Said(), "201");
  EXPECT_EQ(session.Post(session.Pods(), PodBody("later", Labels(1, 6))).Said(), "201");
}

void ADryRunOfAPodMeetsTheFenceAsWell(Session& session) {
  SetEpoch(session, 2, 5);
  const Answer tried = Try(session, 2, 4);
  EXPECT_EQ(tried.Said(), "403 Forbidden");
  EXPECT_EQ(tried["message"], session.Post(session.Pods(), PodBody("trial", Labels(2, 4)))["message"]);
}

void WithoutTheFenceNoPodIsTaken(Session& session) {
  SetEpoch(session, 3, 5);
  EXPECT_EQ(session.Delete(session.Fences() + "/coreflow").Said(), "200");
  EXPECT_TRUE(session.Until([&] { return Try(session, 3, 5).status == 422; }));
  const Answer refused = Try(session, 3, 5);
  EXPECT_EQ(refused.Said(), "422 Invalid");
  EXPECT_EQ(refused["message"],
            json::Value("pods \"trial\" is forbidden: ValidatingAdmissionPolicy 'coreflow-fence' with binding "
                        "'coreflow-fence' denied request: failed to configure binding: no params found for policy "
                        "binding with `Deny` parameterNotFoundAction"));
}

void EachBucketHasAnEpochOfItsOwn(Session& session) {
  SetEpoch(session, 4, 5);
  SetEpoch(session, 5, 7);
  EXPECT_EQ(Try(session, 4, 6).Said(), "201");
  EXPECT_EQ(Try(session, 5, 6).Said(), "403 Forbidden");
}

void APodWithoutBucketOrEpochIsNobodysBusiness(Session& session) {
  SetEpoch(session, 6, 5);
  const json::Object bucket{{"labels", json::Object{{"coreflow.dev/bucket", "6"}}}};
  const json::Object epoch{{"labels", json::Object{{"coreflow.dev/epoch", "4"}}}};
  EXPECT_EQ(session.Post(session.Pods() + "?dryRun=All", PodBody("p", bucket)).Said(), "201");
  EXPECT_EQ(session.Post(session.Pods() + "?dryRun=All", PodBody("p", epoch)).Said(), "201");
  EXPECT_EQ(session.Post(session.Pods() + "?dryRun=All", PodBody("p")).Said(), "201");
}

void WhatThePodBecomesMeetsNoFence(Session& session) {
  SetEpoch(session, 7, 5);
  EXPECT_EQ(session.Post(session.Pods(), PodBody("p", Labels(7, 5))).Said(), "201");
  SetEpoch(session, 7, 6);
  const json::Value annotation = json::Object{{"metadata", json::Object{{"annotations", json::Object{{"x", "y"}}}}}};
  EXPECT_EQ(session.MergePatch(session.Pods() + "/p", annotation).Said(), "200");
  EXPECT_EQ(session.Delete(session.Pods() + "/p").Said(), "200");
}

void TheEpochOfAStatusNeverGoesBack(Session& session) {
  const json::Value kinds[] = {session.MakeWorkflow("w"), session.MakeJob("j")};
  for (const json::Value& made : kinds) {
    const std::string plural = made["kind"] == json::Value("Job") ? "jobs/j" : "workflows/w";
    const std::string target = session.Collection("coreflow.dev/v1alpha1", plural) + "/status";
    const auto write = [&](json::Value epoch) {
      return session.MergePatch(target, json::Object{{"status", json::Object{{"epoch", std::move(epoch)}}}});
    };
    EXPECT_EQ(write(3).Said(), "200");
    EXPECT_EQ(write(3).Said(), "200");
    EXPECT_EQ(write(4).Said(), "200");
    const Answer back = write(3);
    EXPECT_EQ(back.Said(), "422 Invalid");
    ASSERT_EQ(back["details"]["causes"].Elements().size(), 1U);
    const json::Value& cause = back["details"]["causes"].AsArray()[0];
    EXPECT_EQ(cause["field"], json::Value("status"));
    EXPECT_EQ(cause["message"], json::Value("Forbidden: coreflow-fence: written by a CoreFlow replica that leads no "
                                            "more; epoch never goes back"));
    EXPECT_EQ(write(nullptr).Said(), "422 Invalid") << "nor is it left out";
    EXPECT_EQ(session.MergePatch(target, json::Object{{"status", nullptr}}).Said(), "422 Invalid")
        << "nor with all else";
  }
}

}  // namespace

std::vector<Case> FenceCases() {
  return {
      {"APodOfAnEpochThatIsOverIsRefused", APodOfAnEpochThatIsOverIsRefused},
      {"ADryRunOfAPodMeetsTheFenceAsWell", ADryRunOfAPodMeetsTheFenceAsWell},
      {"WithoutTheFenceNoPodIsTaken", WithoutTheFenceNoPodIsTaken},
      {"EachBucketHasAnEpochOfItsOwn", EachBucketHasAnEpochOfItsOwn},
      {"APodWithoutBucketOrEpochIsNobodysBusiness", APodWithoutBucketOrEpochIsNobodysBusiness},
      {"WhatThePodBecomesMeetsNoFence", WhatThePodBecomesMeetsNoFence},
      {"TheEpochOfAStatusNeverGoesBack", TheEpochOfAStatusNeverGoesBack},
  };
}

}  // namespace coreflow::conformance
