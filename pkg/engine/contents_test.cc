#include "pkg/engine/contents.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pkg/json/parse.h"

namespace coreflow::engine {
namespace {

struct Case {
  std::string name;
  std::string fields;
  std::vector<std::string> want;  // as they are described
  std::string problem = {};       // in their place
};
void PrintTo(const Case& tested, std::ostream* out) { *out << tested.name; }

class ContentsTest : public testing::TestWithParam<Case> {};

TEST_P(ContentsTest, AreWhatAStepIsGiven) {
  FilledStep filled;
  filled.fields = *json::Parse(GetParam().fields);
  const auto contents = ContentsOf(filled);
  if (!GetParam().problem.empty()) {
    ASSERT_FALSE(contents.has_value());
    EXPECT_EQ(contents.error().message, GetParam().problem);
    return;
  }
  ASSERT_TRUE(contents.has_value()) << contents.error().message;
  std::vector<std::string> described;
  for (const Content& content : *contents) described.push_back(Describe(content));
  EXPECT_EQ(described, GetParam().want);
}

std::string Volume(const std::string& source) { return R"({"pod":{"volumes":[{"name":"v",)" + source + "}]}}"; }
std::string Variable(const std::string& from) { return R"({"env":[{"name":"A","valueFrom":{)" + from + "}}]}"; }

INSTANTIATE_TEST_SUITE_P(
    Variables, ContentsTest,
    testing::Values(
        Case{"Nothing", R"({"image":"i","env":[{"name":"A","value":"1"}]})", {}},
        Case{"OfThePodItself", Variable(R"("fieldRef":{"fieldPath":"metadata.name"})"), {}},
        Case{"ASecret", Variable(R"("secretKeyRef":{"name":"s","key":"k"})"), {"key k of Secret s"}},
        Case{"AnOptionalConfigMap",
             Variable(R"("configMapKeyRef":{"name":"c.d","key":"_K-1.x","optional":true})"),
             {"key _K-1.x of ConfigMap c.d"}},
        Case{"EnvFrom",
             R"({"envFrom":[{"secretRef":{"name":"s"}},{"prefix":"P_","configMapRef":{"name":"c"}}]})",
             {"ConfigMap c", "Secret s"}},
        Case{"EachOnceAndInOrder",
             R"({"env":[{"name":"A","valueFrom":{"secretKeyRef":{"name":"s","key":"k2"}}},
                        {"name":"B","valueFrom":{"secretKeyRef":{"name":"s","key":"k1"}}},
                        {"name":"C","valueFrom":{"secretKeyRef":{"name":"s","key":"k2"}}}],
                 "envFrom":[{"secretRef":{"name":"s"}}]})",
             {"Secret s", "key k1 of Secret s", "key k2 of Secret s"}},
        Case{"OfInitContainersAndSidecars",
             R"({"pod":{"initContainers":[{"env":[{"name":"A","valueFrom":{"secretKeyRef":{"name":"i","key":"k"}}}]}],
                        "sidecars":[{"envFrom":[{"configMapRef":{"name":"c"}}]}]}})",
             {"ConfigMap c", "key k of Secret i"}}),
    [](const auto& tested) { return tested.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Volumes, ContentsTest,
    testing::Values(
        Case{"Scratch", Volume(R"("emptyDir":{})"), {}},
        Case{"OfThePodItself", Volume(R"("downwardAPI":{"items":[]})"), {}},
        Case{"ASecret", Volume(R"("secret":{"secretName":"s","defaultMode":256})"), {"Secret s"}},
        Case{"KeysOfASecret",
             Volume(R"("secret":{"secretName":"s","items":[{"key":"b","path":"x"},{"key":"a","path":"y"}]})"),
             {"key a of Secret s", "key b of Secret s"}},
        Case{"AConfigMap", Volume(R"("configMap":{"name":"c","items":[]})"), {"ConfigMap c"}},
        Case{"Projected",
             Volume(R"("projected":{"sources":[{"secret":{"name":"s","items":[{"key":"k","path":"p"}]}},
                       {"configMap":{"name":"c"}},{"downwardAPI":{"items":[]}}]})"),
             {"ConfigMap c", "key k of Secret s"}}),
    [](const auto& tested) { return tested.param.name; });

INSTANTIATE_TEST_SUITE_P(
    NotKnown, ContentsTest,
    testing::Values(
        Case{"AClaim",
             Volume(R"("persistentVolumeClaim":{"claimName":"c"})"),
             {},
             "the content of volume v is not known"},
        Case{"ADriverWithASecret",
             Volume(R"("csi":{"driver":"d","nodePublishSecretRef":{"name":"s"}})"),
             {},
             "the content of volume v is not known"},
        Case{"AToken",
             Volume(R"("projected":{"sources":[{"secret":{"name":"s"}},{"serviceAccountToken":{"path":"t"}}]})"),
             {},
             "the content of volume v is not known"},
        Case{"EnvFromOfSomethingElse", R"({"envFrom":[{"prefix":"A"}]})", {}, "the content of envFrom is not known"},
        Case{"NoName", Variable(R"("secretKeyRef":{"key":"k"})"), {}, "variable A names no Secret"},
        Case{"AnotherPath",
             Variable(R"("configMapKeyRef":{"name":"../secrets/s","key":"k"})"),
             {},
             "variable A names no ConfigMap"},
        Case{"UpperCase", R"({"envFrom":[{"secretRef":{"name":"S"}}]})", {}, "envFrom names no Secret"},
        Case{"NoKey", Variable(R"("secretKeyRef":{"name":"s"})"), {}, "the content of variable A is not known"},
        Case{"AKeyThatIsNone",
             Variable(R"("secretKeyRef":{"name":"s","key":"of Secret t"})"),
             {},
             "variable A names no key of Secret s"},
        Case{"AnEmptyKey",
             Variable(R"("secretKeyRef":{"name":"s","key":""})"),
             {},
             "variable A names no key of Secret s"},
        Case{"AnItemWithoutAKey",
             Volume(R"("secret":{"secretName":"s","items":[{"path":"p"}]})"),
             {},
             "the content of volume v is not known"},
        Case{"AVolumeWithoutAName", Volume(R"("secret":{})"), {}, "volume v names no Secret"}),
    [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace coreflow::engine
