#include "pkg/artifact/artifact.h"

#include <gtest/gtest.h>

namespace coreflow::artifact {
namespace {

TEST(Artifact, IsReadAsItWasWritten) {
  const Artifacts artifacts = {{"model", {.digest = std::string(64, '0'), .bytes = 12, .archive = api::Archive::kTar}},
                               {"report", {.digest = std::string(64, 'f'), .bytes = 0}}};
  EXPECT_EQ(ReadArtifacts(ToJson(artifacts)), artifacts);
}

TEST(Artifact, ThatIsNoneIsLeftOut) {
  const json::Value digest = "sha256:" + std::string(64, '0');
  EXPECT_TRUE(ReadArtifacts("x").empty());
  for (const json::Object& object :
       std::vector<json::Object>{{{"name", "a"}, {"digest", "sha256:0"}, {"bytes", 1}},
                                 {{"name", "a"}, {"digest", digest}, {"bytes", -1}},
                                 {{"name", "a"}, {"digest", digest}},
                                 {{"digest", digest}, {"bytes", 1}},
                                 {{"name", "a"}, {"digest", digest}, {"bytes", 1}, {"archive", "Rar"}}}) {
    EXPECT_TRUE(ReadArtifacts(json::Array{object}).empty());
  }
}

TEST(Artifact, DigestsAreLowerCaseHex) {
  EXPECT_EQ(ParseDigest(FormatDigest(std::string(64, 'a'))), std::string(64, 'a'));
  EXPECT_FALSE(ParseDigest(FormatDigest(std::string(64, 'A'))));
  EXPECT_FALSE(ParseDigest(FormatDigest(std::string(63, 'a'))));
  EXPECT_FALSE(ParseDigest(std::string(64, 'a')));
}

}  // namespace
}  // namespace coreflow::artifact
