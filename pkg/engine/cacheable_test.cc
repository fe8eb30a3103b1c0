#include "pkg/engine/cacheable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pkg/json/parse.h"

namespace coreflow::engine {
namespace {

using testing::HasSubstr;
using testing::Optional;

const std::string kHex(64, 'a');

struct Case {
  const char* name;
  const char* fields;
  const char* because;  // part of it; empty: nothing is in the way
};

class CacheableTest : public testing::TestWithParam<Case> {};

TEST_P(CacheableTest, WhyNot) {
  FilledStep filled;
  filled.fields = *json::Parse(GetParam().fields);
  const auto why = WhyNotCacheable(filled);
  if (*GetParam().because == '\0') {
    EXPECT_EQ(why, std::nullopt);
  } else {
    EXPECT_THAT(why, Optional(HasSubstr(GetParam().because)));
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, CacheableTest,
    testing::Values(
        Case{"Plain", R"({"image":"i","env":[{"name":"A","value":"1"}]})", ""},
        Case{"OfThePodItself", R"({"env":[{"name":"A","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}]})", ""},
        Case{"ASecret", R"({"env":[{"name":"A","valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}}]})", ""},
        Case{"AConfigMap", R"({"pod":{"volumes":[{"name":"v","configMap":{"name":"c"}}]}})", ""},
        Case{"ASecretThatIsNone", R"({"env":[{"name":"A","valueFrom":{"secretKeyRef":{"name":"S s","key":"k"}}}]})",
             "variable A names no Secret"},
        Case{"Scratch", R"({"pod":{"volumes":[{"name":"v","emptyDir":{}}]}})", ""},
        Case{"AClaim", R"({"pod":{"volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"c"}}]}})", "volume v"},
        Case{"AnInitContainerByTag", R"({"pod":{"initContainers":[{"name":"init","image":"busybox:1"}]}})",
             "container init is of image busybox:1, which names no digest"},
        Case{
            "ASidecarThatReadsASecret",
            R"({"pod":{"sidecars":[{"name":"s","image":"i@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                 "env":[{"name":"A","valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}}]}]}})",
            ""},
        Case{"OverridesOfLabels", R"({"pod":{"overrides":{"hostname":"h"}}})", ""},
        Case{"OverridesOfContainers", R"({"pod":{"overrides":{"containers":[]}}})", "pod.overrides.containers"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(ImageDigest, IsWhatTheNameEndsIn) {
  EXPECT_EQ(ImageDigest("docker.io/library/busybox@sha256:" + kHex), "sha256:" + kHex);
  EXPECT_EQ(ImageDigest("sha256:" + kHex), "sha256:" + kHex);
  for (const std::string& none : {std::string(), std::string("busybox:1"), "busybox@sha256:" + kHex.substr(1),
                                  "busybox@sha256:" + std::string(64, 'x'), "busybox@sha512:" + kHex}) {
    EXPECT_EQ(ImageDigest(none), "") << none;
  }
}

}  // namespace
}  // namespace coreflow::engine
