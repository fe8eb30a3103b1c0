#include "controllers/runs/record_blobs.h"

#include <gtest/gtest.h>

#include "pkg/artifact/artifact.h"

namespace coreflow::runs {
namespace {

using json::Array;
using json::Object;
using json::Value;

const std::string kModel(64, 'a');
const std::string kReport(64, 'b');

// One item for each of these.
Value RecordOf(const std::vector<std::string>& digests) {
  Array results;
  for (const std::string& digest : digests) {
    results.push_back(Object{{"step", "s"}, {"artifacts", artifact::ToJson({{"x", {.digest = digest, .bytes = 1}}})}});
  }
  return Object{{"results", std::move(results)}};
}

TEST(RecordBlobs, AreInUseInTheNamespaceOfTheRecord) {
  RecordBlobs blobs;
  blobs.Seen({.ns = "ns", .name = "r"}, RecordOf({kModel, kReport}));
  EXPECT_TRUE(blobs.InUse({}).Has("ns", kModel));
  EXPECT_TRUE(blobs.InUse({}).Has("ns", kReport));
  EXPECT_FALSE(blobs.InUse({}).Has("other", kModel));
  EXPECT_TRUE(blobs.InUse({"ns"}).Has("other", kModel)) << "nothing is known of that namespace";
}

TEST(RecordBlobs, AreInUseForAsLongAsARecordNamesThem) {
  RecordBlobs blobs;
  blobs.Seen({.ns = "ns", .name = "one"}, RecordOf({kModel}));
  blobs.Seen({.ns = "ns", .name = "two"}, RecordOf({kModel, kReport}));
  blobs.Gone({.ns = "ns", .name = "one"});
  EXPECT_TRUE(blobs.InUse({}).Has("ns", kModel));
  blobs.Seen({.ns = "ns", .name = "two"}, RecordOf({kReport}));
  EXPECT_FALSE(blobs.InUse({}).Has("ns", kModel));
  EXPECT_TRUE(blobs.InUse({}).Has("ns", kReport));
}

TEST(RecordBlobs, OfWhatIsNoArtifactAreNone) {
  RecordBlobs blobs;
  blobs.Seen({.ns = "ns", .name = "r"}, Object{{"results", Array{"x", Object{{"artifacts", Array{1, Object{}}}}}}});
  EXPECT_FALSE(blobs.InUse({}).Has("ns", ""));
}

}  // namespace
}  // namespace coreflow::runs
