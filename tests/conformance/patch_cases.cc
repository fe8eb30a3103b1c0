#include <gtest/gtest.h>

#include "pkg/json/write.h"
#include "tests/conformance/case.h"

namespace coreflow::conformance {

namespace {

using json::Array;
using json::Object;

constexpr char kStrategic[] = "application/strategic-merge-patch+json";

void AStrategicPatchMergesListsByTheirKeys(Session& session) {
  session.MakePod("p");
  const json::Value container = Object{{"name", "main"}, {"image", "busybox:1.37"}};
  const Answer patched =
      session.Patch(session.Pods() + "/p", kStrategic, Object{{"spec", Object{{"containers", Array{container}}}}});
  EXPECT_EQ(patched.Said(), "200") << testing::PrintToString(patched);
  const json::Array& containers = patched["spec"]["containers"].Elements();
  ASSERT_EQ(containers.size(), 1U);
  EXPECT_EQ(containers[0]["image"], json::Value("busybox:1.37"));
  EXPECT_EQ(containers[0]["terminationMessagePath"], json::Value("/dev/termination-log"));
}

void AStrategicPatchCanReplaceAndDelete(Session& session) {
  session.MakeConfigMap("c", {{"a", "1"}, {"b", "1"}});
  const std::string target = session.Collection("v1", "configmaps") + "/c";
  const Answer removed = session.Patch(target, kStrategic, Object{{"data", Object{{"a", nullptr}, {"c", "1"}}}});
  EXPECT_EQ(json::Write(removed["data"]), R"({"b":"1","c":"1"})");
  const Answer replaced =
      session.Patch(target, kStrategic, Object{{"data", Object{{"$patch", "replace"}, {"d", "1"}}}});
  EXPECT_EQ(json::Write(replaced["data"]), R"({"d":"1"})");
  EXPECT_EQ(session.Patch(target, kStrategic, Object{{"data", Object{{"$patch", "what"}}}}).Said(), "500 ");
}

void AJsonPatchMovesAndCopies(Session& session) {
  session.MakeConfigMap("c", {{"a", "1"}, {"b", "2"}});
  const std::string target = session.Collection("v1", "configmaps") + "/c";
  const json::Value move = Object{{"op", "move"}, {"from", "/data/a"}, {"path", "/data/x"}};
  const json::Value copy = Object{{"op", "copy"}, {"from", "/data/b"}, {"path", "/data/y"}};
  EXPECT_EQ(json::Write(session.JsonPatch(target, Array{move, copy})["data"]), R"({"b":"2","x":"1","y":"2"})");
  EXPECT_EQ(session.JsonPatch(target, Array{move}).Said(), "422 Invalid") << "nothing is there any more";
}

}  // namespace

std::vector<Case> PatchCases() {
  return {
      {"AStrategicPatchMergesListsByTheirKeys", AStrategicPatchMergesListsByTheirKeys},
      {"AStrategicPatchCanReplaceAndDelete", AStrategicPatchCanReplaceAndDelete},
      {"AJsonPatchMovesAndCopies", AJsonPatchMovesAndCopies},
  };
}

}  // namespace coreflow::conformance
