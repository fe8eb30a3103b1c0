#include "pkg/archive/tar_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "pkg/archive/header.h"
#include "pkg/base/hash.h"
#include "pkg/base/test_folder.h"

namespace coreflow::archive {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// The archive, or "Code: message"; read by pieces of that size.
std::string Pack(const std::string& path, size_t piece = 4096) {
  auto writer = TarWriter::Open(path);
  std::string archive;
  std::vector<char> buffer(piece);
  while (writer) {
    const auto count = writer->Read(buffer);
    if (!count) return std::string(CodeName(count.error().code)) + ": " + count.error().message;
    if (*count == 0) return archive;
    archive.append(buffer.data(), *count);
  }
  return std::string(CodeName(writer.error().code)) + ": " + writer.error().message;
}

// Names and types of the entries, in order; "7:" before a size.
std::string Listed(std::string_view archive) {
  std::string listed;
  while (archive.size() >= kBlock && archive[0] != '\0') {
    const auto header = ParseHeader(archive.substr(0, kBlock));
    if (!header) return header.error().message;
    listed += header->name + (header->mode == 0755 ? "* " : " ");
    archive.remove_prefix(kBlock + header->size + Padding(header->size));
  }
  EXPECT_EQ(archive, std::string(2 * kBlock, '\0'));
  return listed;
}

void Fill(const TestFolder& folder, const std::string& at) {
  folder.Write(at + "/b/two", "2");
  folder.Write(at + "/b.txt", std::string(1000, 'x'));
  folder.Write(at + "/a", "");
  folder.Folder(at + "/empty");
  fs::create_symlink("b/two", folder / (at + "/link"));
  fs::permissions(folder / (at + "/a"), fs::perms::owner_all);
}

TEST(TarWriterTest, PacksFilesFoldersAndLinksInOrder) {
  const TestFolder folder;
  Fill(folder, "in");
  EXPECT_EQ(Listed(Pack(folder / "in")), "a* b/* b/two b.txt empty/* link* ");
}

TEST(TarWriterTest, EqualContentsGiveEqualBytes) {
  const TestFolder folder;
  Fill(folder, "one");
  folder.Folder("two/empty");  // made in another order
  Fill(folder, "two");
  fs::last_write_time(folder / "two/a", fs::file_time_type::clock::now() - std::chrono::hours(1000));
  fs::permissions(folder / "two/b.txt", fs::perms::owner_read);
  fs::permissions(folder / "two/a", fs::perms::owner_exec | fs::perms::owner_read | fs::perms::set_uid);
  fs::permissions(folder / "two/b", fs::perms::owner_all);
  ASSERT_EQ(::lchown((folder / "two/a").c_str(), ::getuid(), ::getgid()), 0);
  const std::string one = Pack(folder / "one");
  EXPECT_TRUE(one == Pack(folder / "two"));
  EXPECT_TRUE(one == Pack(folder / "one", 1)) << "whatever the size of the pieces";
  EXPECT_TRUE(one == Pack(folder / "one", 1 << 20));
}

// Digests of artifacts rest on it: a change here makes every folder another artifact.
TEST(TarWriterTest, TheBytesNeverChange) {
  const TestFolder folder;
  Fill(folder, "in");
  folder.Write("in/" + std::string(120, 'n'), "long");
  EXPECT_EQ(Sha256Hex(Pack(folder / "in")), "f57249004e815c3825c49cc2ac9c89d91022e579dde0fce6fc5473f1cd59180d");
}

TEST(TarWriterTest, AFileIsTheOneEntry) {
  const TestFolder folder;
  EXPECT_EQ(Listed(Pack(folder.Write("report.txt", "x"))), "report.txt ");
}

TEST(TarWriterTest, AnEmptyFolderIsAnArchiveOfNothing) {
  const TestFolder folder;
  EXPECT_EQ(Pack(folder.path()), std::string(2 * kBlock, '\0'));
}

TEST(TarWriterTest, GnuTarReadsIt) {
  const TestFolder folder;
  Fill(folder, "in");
  const std::string deep = std::string(90, 'd') + "/" + std::string(90, 'f');
  folder.Write("in/" + deep, "deep");
  std::ofstream(folder / "archive.tar", std::ios::binary) << Pack(folder / "in");
  folder.Folder("out");
  const std::string command = "tar -C '" + (folder / "out") + "' -xf '" + (folder / "archive.tar") + "'";
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(folder.Read("out/" + deep), "deep");
  EXPECT_EQ(folder.Read("out/link"), "2");
  EXPECT_TRUE(Pack(folder / "out") == Pack(folder / "in"));
}

TEST(TarWriterTest, WhatIsNoFileIsRefusedByName) {
  const TestFolder folder;
  folder.Folder("in/deep");
  ASSERT_EQ(::mkfifo((folder / "in/deep/fifo").c_str(), 0600), 0);
  EXPECT_EQ(Pack(folder / "in"), "Invalid: 'deep/fifo': neither file, folder nor link; take it out of the folder");
  EXPECT_THAT(Pack(folder / "in/deep/fifo"), HasSubstr("neither file, folder nor link"));
  EXPECT_THAT(Pack(folder / "missing"), HasSubstr("NotFound: "));
}

TEST(TarWriterTest, LinksThatLeaveAreRefused) {
  for (const char* target : {"/etc/passwd", "..", "x/../../y"}) {
    const TestFolder folder;
    folder.Folder("in");
    fs::create_symlink(target, folder / "in/link");
    EXPECT_THAT(Pack(folder / "in"), HasSubstr("Invalid: 'link': the link ")) << target;
  }
}

TEST(TarWriterTest, AFileThatChangesIsNoticed) {
  for (const size_t size : {size_t{5}, size_t{20'000}}) {
    const TestFolder folder;
    const std::string path = folder.Write("in/file", std::string(10'000, 'x'));
    auto writer = TarWriter::Open(folder / "in");
    std::array<char, 600> buffer{};
    ASSERT_TRUE(writer->Read(buffer).has_value());
    fs::resize_file(path, size);
    Result<size_t> read = size_t{1};
    while (read && *read > 0) read = writer->Read(buffer);
    ASSERT_FALSE(read.has_value());
    EXPECT_EQ(read.error(), (Error{.code = Code::kConflict, .message = "'file': changed while it was packed"}));
  }
}

}  // namespace
}  // namespace coreflow::archive
