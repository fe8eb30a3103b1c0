#include "pkg/runner/images.h"

#include <gtest/gtest.h>

#include "pkg/apiserver/test_folder.h"

namespace coreflow::runner {
namespace {

class ImageMapTest : public testing::Test {
 protected:
  static std::string ErrorOf(const std::string& text) {
    const auto images = ParseImageMap({text});
    return images ? "none" : std::string(CodeName(images.error().code)) + ": " + images.error().message;
  }

  apiserver::TestFolder folder;
};

TEST_F(ImageMapTest, NamesAFolderForEachImage) {
  const std::string a = folder.Folder("a");
  const std::string b = folder.Folder("b=c");
  const auto images = ParseImageMap({"r.io:5000/a@sha256:0=" + a, "b:*=" + b + "/."});
  ASSERT_TRUE(images.has_value()) << images.error().message;
  EXPECT_EQ(*images, (std::vector<UnpackedImage>{{"r.io:5000/a@sha256:0", a}, {"b:*", b}}));
}

TEST_F(ImageMapTest, RefusesWhatCantBe) {
  const std::string there = folder.Folder("there");
  const std::string missing = folder / "missing";
  const std::string file = folder.Write("file", "");
  EXPECT_EQ(ErrorOf("busybox"), R"(Invalid: image map "busybox": it must be IMAGE=FOLDER)");
  EXPECT_EQ(ErrorOf("=" + there), "Invalid: image map \"=" + there + "\": it must be IMAGE=FOLDER");
  EXPECT_EQ(ErrorOf("a*b=" + there),
            "Invalid: image map \"a*b=" + there + "\": a * may only be the last character of IMAGE");
  EXPECT_EQ(ErrorOf("x=" + missing), "Invalid: image map \"x=" + missing + "\": \"" + missing + "\" is no folder");
  EXPECT_EQ(ErrorOf("x=" + file), "Invalid: image map \"x=" + file + "\": \"" + file + "\" is no folder");
  EXPECT_EQ(ErrorOf("x="), "Invalid: image map \"x=\": \"\" is no folder");
}

TEST(FolderOfImageTest, TheNarrowestWins) {
  const std::vector<UnpackedImage> images{
      {"*", "/any"}, {"busybox:*", "/busybox"}, {"busybox:1*", "/one"}, {"busybox:1.36", "/exact"}};
  EXPECT_EQ(FolderOfImage(images, "busybox:1.36"), "/exact");
  EXPECT_EQ(FolderOfImage(images, "busybox:1.37"), "/one");
  EXPECT_EQ(FolderOfImage(images, "busybox:latest"), "/busybox");
  EXPECT_EQ(FolderOfImage(images, "busybox"), "/any");
  EXPECT_EQ(FolderOfImage({{"busybox:1.36", "/exact"}}, "busybox:1.3"), "");
}

}  // namespace
}  // namespace coreflow::runner
