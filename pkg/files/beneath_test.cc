#include "pkg/files/beneath.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "pkg/base/test_folder.h"

namespace coreflow::files {
namespace {

namespace fs = std::filesystem;

struct Way {
  const char* path;
  const char* want;  // "opened", or the name of the code
};
void PrintTo(const Way& way, std::ostream* out) { *out << way.path; }

class OpenBeneathTest : public testing::TestWithParam<Way> {};

TEST_P(OpenBeneathTest, OpensOnlyWhatLiesInTheFolder) {
  const TestFolder outside;
  outside.Write("inside/deep/file", "x");
  outside.Write("secret", "x");
  fs::create_symlink("deep/file", outside / "inside/link-to-file");
  fs::create_symlink("deep", outside / "inside/link-to-folder");
  fs::create_symlink("/etc", outside / "inside/link-out");
  const Descriptor folder(::open((outside / "inside").c_str(), O_RDONLY | O_DIRECTORY));
  const auto opened = OpenBeneath(folder, GetParam().path, O_RDONLY);
  EXPECT_STREQ(opened ? "opened" : CodeName(opened.error().code), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(All, OpenBeneathTest,
                         testing::Values(Way{"deep/file", "opened"}, Way{"deep/../deep/file", "opened"},
                                         Way{"missing", "NotFound"}, Way{"../secret", "Invalid"},
                                         Way{"deep/../../secret", "Invalid"}, Way{"/etc/passwd", "Invalid"},
                                         Way{"link-to-file", "Invalid"}, Way{"link-to-folder/file", "Invalid"},
                                         Way{"link-out/passwd", "Invalid"}, Way{"deep/file/x", "Invalid"}));

TEST(OpenBeneathTest, AFifoBlocksNobody) {
  const TestFolder test;
  ASSERT_EQ(::mkfifo((test / "fifo").c_str(), 0600), 0);
  const Descriptor folder(::open(test.path().c_str(), O_RDONLY | O_DIRECTORY));
  EXPECT_TRUE(OpenBeneath(folder, "fifo", O_RDONLY).has_value());
  EXPECT_FALSE(OpenBeneath(folder, "fifo", O_WRONLY).has_value());
}

TEST(MakeFolderBeneathTest, MakesWhatIsMissingAndNothingThroughALink) {
  const TestFolder test;
  test.Folder("inside");
  fs::create_symlink("..", test / "inside/up");
  const Descriptor folder(::open((test / "inside").c_str(), O_RDONLY | O_DIRECTORY));
  int made = 0;
  const WhenMaking count{.after = [&](const Descriptor&) -> Result<void> { return ++made, Result<void>(); }};
  EXPECT_TRUE(MakeFolderBeneath(folder, "a/b/c", 0700, count).has_value());
  EXPECT_TRUE(MakeFolderBeneath(folder, "a/b/c", 0700, count).has_value());
  EXPECT_EQ(made, 3);
  EXPECT_EQ(fs::status(test / "inside/a/b/c").permissions(), fs::perms::owner_all);
  EXPECT_FALSE(MakeFolderBeneath(folder, "up/new", 0700, count).has_value());
  EXPECT_FALSE(fs::exists(test / "new"));
}

TEST(MakeFolderBeneathTest, MakesNothingThatIsForbidden) {
  const TestFolder test;
  const Descriptor folder(::open(test.path().c_str(), O_RDONLY | O_DIRECTORY));
  int left = 2;
  const WhenMaking two{.before = [&]() -> Result<void> {
    if (left-- == 0) return Error{.code = Code::kInvalid, .message = "enough"};
    return {};
  }};
  EXPECT_FALSE(MakeFolderBeneath(folder, "a/b/c", 0700, two).has_value());
  EXPECT_TRUE(fs::exists(test / "a/b"));
  EXPECT_FALSE(fs::exists(test / "a/b/c"));
}

}  // namespace
}  // namespace coreflow::files
