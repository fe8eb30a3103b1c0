#include "pkg/engine/quota.h"

#include <gtest/gtest.h>

namespace coreflow::engine {
namespace {

struct Case {
  const char* name;
  const char* refusal;
  bool never;
};

class QuotaTest : public ::testing::TestWithParam<Case> {};

TEST_P(QuotaTest, NeverFits) { EXPECT_EQ(NeverFits(GetParam().refusal), GetParam().never) << GetParam().refusal; }

INSTANTIATE_TEST_SUITE_P(
    Messages, QuotaTest,
    ::testing::Values(
        Case{"FullNow",
             "pods \"a\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=10, limited: pods=10", false},
        Case{"MoreThanAll",
             "pods \"a\" is forbidden: exceeded quota: q, requested: requests.cpu=8, used: requests.cpu=0, limited: "
             "requests.cpu=4",
             true},
        Case{"InOtherUnits",
             "exceeded quota: q, requested: limits.memory=2Gi, used: limits.memory=0, limited: limits.memory=1500Mi",
             true},
        Case{"OneOfSeveral",
             "exceeded quota: q, requested: pods=1,requests.cpu=1500m, used: pods=9,requests.cpu=0, limited: "
             "pods=9,requests.cpu=1",
             true},
        Case{"JustAllOfIt",
             "exceeded quota: q, requested: requests.cpu=4, used: requests.cpu=1, limited: requests.cpu=4", false},
        Case{"NothingIsAllowed", "exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0", true},
        Case{"AnotherRefusal", "pods \"a\" is forbidden: violates PodSecurity \"restricted:latest\"", false},
        Case{"NoAmounts", "exceeded quota: q, requested: pods=many, used: , limited: pods=1", false},
        Case{"CutOff", "exceeded quota: q, requested: pods=2, used: pods=0", false},
        Case{"OtherResources", "exceeded quota: q, requested: pods=2, used: pods=0, limited: requests.cpu=1", false},
        Case{"Empty", "", false}),
    [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace coreflow::engine
