#include "controllers/runs/record_blobs.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pkg/artifact/artifact.h"

namespace coreflow::runs {
namespace {

using json::Array;
using json::Object;

const std::string kModel(64, 'a');
const std::string kReport(64, 'b');

// Of one item for each of these.
RecordView RecordOf(const std::vector<std::string>& digests, int32_t run = 1, const std::string& owner = "u") {
  Array results;
  for (const std::string& digest : digests) {
    results.push_back(Object{{"step", "s"}, {"artifacts", artifact::ToJson({{"x", {.digest = digest, .bytes = 1}}})}});
  }
  return {.owner = {.uid = owner}, .run = run, .body = Object{{"results", std::move(results)}}};
}

class RecordBlobsTest : public testing::Test {
 protected:
  void See(const std::string& name, const RecordView& record) { blobs_.Seen({.ns = "ns", .name = name}, record); }
  bool Has(const std::string& digest) const { return blobs_.InUse({}).Has("ns", digest); }

  RecordBlobs blobs_;
};

TEST_F(RecordBlobsTest, AreInUseInTheNamespaceOfTheRecord) {
  See("r", RecordOf({kModel, kReport}));
  EXPECT_TRUE(Has(kModel));
  EXPECT_TRUE(Has(kReport));
  EXPECT_FALSE(blobs_.InUse({}).Has("other", kModel));
  EXPECT_TRUE(blobs_.InUse({"ns"}).Has("other", kModel)) << "nothing is known of that namespace";
}

TEST_F(RecordBlobsTest, AreInUseForAsLongAsARecordNamesThem) {
  See("one", RecordOf({kModel}));
  See("two", RecordOf({kModel, kReport}));
  blobs_.Gone({.ns = "ns", .name = "one"});
  EXPECT_TRUE(Has(kModel));
  See("two", RecordOf({kReport}));
  EXPECT_FALSE(Has(kModel));
  EXPECT_TRUE(Has(kReport));
}

TEST_F(RecordBlobsTest, OfRunsThatNoStatusShowsAnyMoreAreNotInUse) {
  See("first", RecordOf({kModel}, 1));
  See("second", RecordOf({kReport}, 2));
  See("of another object", RecordOf({}, 100, "other"));
  blobs_.Seen({.ns = "other", .name = "twelfth"}, RecordOf({}, 12));
  See("eleventh", RecordOf({}, 11));
  EXPECT_TRUE(Has(kModel));
  See("twelfth", RecordOf({}, 12));
  EXPECT_FALSE(Has(kModel));
  EXPECT_TRUE(Has(kReport));
}

TEST_F(RecordBlobsTest, OfWhatIsNoArtifactAreNone) {
  See("r", {.owner = {.uid = "u"},
            .run = 1,
            .body = Object{{"results", Array{"x", Object{{"artifacts", Array{1, Object{}}}}}}}});
  EXPECT_FALSE(Has(""));
}

}  // namespace
}  // namespace coreflow::runs
