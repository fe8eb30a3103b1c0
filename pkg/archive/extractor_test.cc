#include "pkg/archive/extractor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "pkg/archive/hostile.h"
#include "pkg/archive/tar_writer.h"
#include "pkg/base/test_folder.h"

namespace coreflow::archive {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::string Pack(const std::string& path) {
  auto writer = TarWriter::Open(path);
  std::string archive;
  std::vector<char> buffer(100'000);
  while (true) {
    const auto count = writer->Read(buffer);
    EXPECT_TRUE(count.has_value()) << count.error().message;
    if (!count || *count == 0) return archive;
    archive.append(buffer.data(), *count);
  }
}

// "" or the error.
std::string Unpack(const std::string& archive, const std::string& into, size_t piece = 1000) {
  auto extractor = Extractor::Into(into, {});
  if (!extractor) return extractor.error().message;
  for (size_t at = 0; at < archive.size(); at += piece) {
    if (auto added = extractor->Add(std::string_view(archive).substr(at, piece)); !added) return added.error().message;
  }
  auto finished = extractor->Finish();
  return finished ? "" : finished.error().message;
}

class ExtractorTest : public testing::Test {
 protected:
  ExtractorTest() { folder_.Folder("out"); }
  TestFolder folder_;
};

TEST_F(ExtractorTest, WhatWasPackedIsUnpackedWhateverThePieces) {
  folder_.Write("in/a/b/file", std::string(100'000, 'x'));
  folder_.Write("in/a/exactly", std::string(1024, 'y'));
  folder_.Write("in/" + std::string(150, 'n') + "/" + std::string(200, 'm'), "long");
  folder_.Write("in/odd\n\xff name", "z");
  folder_.Write("in/nothing", "");
  folder_.Folder("in/empty/deep");
  fs::create_symlink("../empty", folder_ / "in/a/link");
  fs::create_symlink(std::string(200, 't'), folder_ / "in/dangling");
  fs::permissions(folder_ / "in/nothing", fs::perms::owner_all);
  const std::string archive = Pack(folder_ / "in");
  for (const size_t piece : {size_t{1}, size_t{511}, size_t{512}, size_t{1'000'000}}) {
    const std::string out = folder_.Folder("out-" + std::to_string(piece));
    ASSERT_EQ(Unpack(archive, out, piece), "");
    EXPECT_TRUE(Pack(out) == archive) << piece;
  }
}

TEST_F(ExtractorTest, OnlyTheRightToExecuteIsTaken) {
  const std::string archive = Raw({.name = "plain", .mode = "0006666"}) + Raw({.name = "tool", .mode = "0007777"}) +
                              Raw({.type = '5', .name = "folder/", .mode = "0000000"}) + End();
  ASSERT_EQ(Unpack(archive, folder_ / "out"), "");
  const auto mode = [&](const std::string& name) {
    return static_cast<int>(fs::status(folder_ / ("out/" + name)).permissions());
  };
  EXPECT_EQ(mode("plain"), 0644);
  EXPECT_EQ(mode("tool"), 0755);
  EXPECT_EQ(mode("folder"), 0755);
}

TEST_F(ExtractorTest, FoldersAboveAnEntryAreMade) {
  ASSERT_EQ(Unpack(Raw({.name = "a/b/c", .bytes = "x"}) + Raw({.type = '5', .name = "a/b/"}) + End(), folder_ / "out"),
            "");
  EXPECT_EQ(folder_.Read("out/a/b/c"), "x");
}

TEST_F(ExtractorTest, UstarPrefixesAndPaxRecordsCount) {
  const std::string archive = Raw({.name = "file", .bytes = "1", .prefix = "pre/fix"}) + Pax("path", "renamed") +
                              Raw({.name = "ignored", .bytes = "2"}) + Pax("mtime", "1.5") + Raw({.name = "timed"}) +
                              Pax("linkpath", "renamed") + Raw({.type = '2', .name = "link", .target = "/etc"}) + End();
  ASSERT_EQ(Unpack(archive, folder_ / "out"), "");
  EXPECT_EQ(folder_.Read("out/pre/fix/file"), "1");
  EXPECT_EQ(folder_.Read("out/renamed"), "2");
  EXPECT_EQ(fs::read_symlink(folder_ / "out/link"), "renamed");
  EXPECT_TRUE(fs::exists(folder_ / "out/timed"));
}

TEST_F(ExtractorTest, BlocksOfZeroFillAnArchiveUp) {
  EXPECT_EQ(Unpack(Raw({.name = "a"}) + End() + std::string(10 * 512, '\0'), folder_ / "out"), "");
}

TEST_F(ExtractorTest, WantsAnEmptyFolder) {
  folder_.Write("out/file", "");
  EXPECT_THAT(Unpack(End(), folder_ / "out"), HasSubstr("is not empty"));
  EXPECT_THAT(Unpack(End(), folder_ / "out/file"), HasSubstr("Not a directory"));
  EXPECT_THAT(Unpack(End(), folder_ / "missing"), HasSubstr("No such file"));
}

TEST_F(ExtractorTest, AnErrorIsForEver) {
  auto extractor = Extractor::Into(folder_ / "out", {});
  EXPECT_FALSE(extractor->Add(Raw({.name = "../x"})).has_value());
  EXPECT_FALSE(extractor->Add(Raw({.name = "fine"}) + End()).has_value());
  EXPECT_FALSE(extractor->Finish().has_value());
  EXPECT_FALSE(fs::exists(folder_ / "out/fine"));
}

}  // namespace
}  // namespace coreflow::archive
