#include "pkg/files/descriptor.h"

#include <fcntl.h>
#include <gtest/gtest.h>

namespace coreflow::files {
namespace {

TEST(WriteAll, TellsAFullDiskFromOtherTrouble) {
  const Descriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  ASSERT_TRUE(full);
  const auto written = WriteAll(full, "x", "store");
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error(), (Error{.code = Code::kTooMany, .message = "store: No space left on device"}));
  EXPECT_EQ(SystemError("store", EDQUOT).code, Code::kTooMany);
  EXPECT_EQ(SystemError("store", EIO).code, Code::kUnavailable);
}

}  // namespace
}  // namespace coreflow::files
