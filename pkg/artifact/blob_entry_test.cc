#include "pkg/artifact/blob_entry.h"

#include <gtest/gtest.h>

namespace coreflow::artifact {
namespace {

TEST(BlobEntryTest, NamesTheNamespaceAndTheDigest) {
  EXPECT_EQ(BlobEntry("team", "0a"), "team/blobs/0a");
  EXPECT_EQ(DigestOfBlobEntry("team/blobs/0a"), "0a");
}

TEST(BlobEntryTest, OtherEntriesHaveNoDigest) {
  for (const char* name : {"", "team", "team/results/0a", "team/results/blobs/0a", "team/blobs"}) {
    EXPECT_EQ(DigestOfBlobEntry(name), "") << name;
  }
}

}  // namespace
}  // namespace coreflow::artifact
