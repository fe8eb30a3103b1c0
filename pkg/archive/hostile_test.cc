#include "pkg/archive/hostile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "pkg/archive/extractor.h"
#include "pkg/base/test_folder.h"

namespace coreflow::archive {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// An archive that must be refused, and what the error says.
struct Hostile {
  std::string name;
  std::string archive;
  std::string want;
};
void PrintTo(const Hostile& hostile, std::ostream* out) { *out << hostile.name; }

constexpr ExtractLimits kLimits{.entries = 10, .bytes = 5000};

uint64_t Count(const std::string& path) {
  return static_cast<uint64_t>(
      std::distance(fs::recursive_directory_iterator(path), fs::recursive_directory_iterator()));
}

class HostileArchives : public testing::TestWithParam<Hostile> {};

TEST_P(HostileArchives, AreRefusedByNameAndReachNothingOutside) {
  const TestFolder folder;
  folder.Write("secret", "secret");
  folder.Folder("out");
  auto extractor = Extractor::Into(folder / "out", kLimits);
  auto result = extractor->Add(GetParam().archive);
  if (result) result = extractor->Finish();
  ASSERT_FALSE(result.has_value());
  EXPECT_THAT(result.error().message, HasSubstr(GetParam().want));
  EXPECT_EQ(CodeName(result.error().code), std::string("Invalid"));
  EXPECT_EQ(folder.Read("secret"), "secret");
  EXPECT_LE(Count(folder / "out"), kLimits.entries);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 2)
      << "something is beside it";
}

Hostile Ended(const std::string& name, const std::string& archive, const std::string& want) {
  return {.name = name, .archive = archive + End(), .want = want};
}

std::string File(const std::string& name) { return Raw({.name = name, .bytes = "x"}); }
std::string Link(const std::string& name, const std::string& target) {
  return Raw({.type = '2', .name = name, .target = target});
}

const auto kNames = testing::Values(
    Ended("Parent", File("../secret"), "'../secret': the name has '..'"),
    Ended("ParentInside", File("a/../../secret"), "the name has '..'"),
    Ended("Absolute", File("/tmp/x"), "the name is absolute"), Ended("Dot", File("./x"), "has an empty part, or '.'"),
    Ended("Empty", File(""), "an entry has no name"), Ended("FileWithSlash", File("x/"), "has an empty part"),
    Ended("ParentFolder", Raw({.type = '5', .name = "../"}), "has '..'"),
    Ended("ParentInPrefix", Raw({.name = "x", .prefix = ".."}), "'../x': the name has '..'"),
    Ended("ParentInPax", Pax("path", "../secret") + File("x"), "'../secret': the name has '..'"),
    Ended("AbsoluteInPax", Pax("path", "/secret") + File("x"), "the name is absolute"),
    Ended("ZeroInPax", Pax("path", std::string("a\0b", 3)) + File("x"), "has a zero byte"),
    Ended("EmptyInPax", Pax("path", "") + File("x"), "an entry has no name"),
    Ended("LongInPax", Pax("path", std::string(5000, 'x')) + File("x"), "more than 4095 bytes"));

const auto kLinks =
    testing::Values(Ended("LinkOut", Link("l", "../secret"), "'l': the link leads out of the folder, to '../secret'"),
                    Ended("LinkAbsolute", Link("l", "/etc/passwd"), "'l': the link leads to an absolute path"),
                    Ended("LinkOutInPax", Pax("linkpath", "..") + Link("l", "fine"), "leads out of the folder"),
                    Ended("LinkNowhere", Link("l", ""), "the link leads nowhere"),
                    Ended("LinkBackwards", Link("l", "a/../../secret"), "'..' behind a name"),
                    Ended("ThroughALink", Raw({.type = '5', .name = "d/"}) + Link("l", "d") + File("l/x"), "'l/x': "),
                    Ended("ThroughADanglingLink", Link("l", "d") + File("l/x"), "'l/x': "),
                    Ended("OverALink", Link("l", "d") + File("l"), "'l': is in the archive twice"),
                    Ended("FolderOverALink", Link("l", "d") + Raw({.type = '5', .name = "l/"}), "'l': "),
                    Ended("HardLink", File("a") + Raw({.type = '1', .name = "l", .target = "a"}), "'l': a hard link"),
                    Ended("HardLinkOut", Raw({.type = '1', .name = "l", .target = "/etc/passwd"}), "'l': a hard link"));

const auto kKinds = testing::Values(
    Ended("CharacterDevice", Raw({.type = '3', .name = "d"}), "'d': a device"),
    Ended("BlockDevice", Raw({.type = '4', .name = "d"}), "'d': a device"),
    Ended("Fifo", Raw({.type = '6', .name = "f"}), "'f': a FIFO"),
    Ended("Contiguous", Raw({.type = '7', .name = "f"}), "an entry of type '7'"),
    Ended("GlobalHeader", Raw({.type = 'g', .name = "g", .bytes = "10 path=a\n"}), "an entry of type 'g'"),
    Ended("GnuLongName", Raw({.type = 'L', .name = "././@LongLink", .bytes = "x"}), "an entry of type 'L'"),
    Ended("GnuSparse", Raw({.type = 'S', .name = "s"}), "an entry of type 'S'"),
    Ended("PaxSparse", Pax("GNU.sparse.major", "1") + File("x"), "a sparse file"),
    Ended("FolderWithBytes", Raw({.type = '5', .name = "d/", .bytes = "x"}), "has bytes, but is no file"),
    Ended("LinkWithBytes", Raw({.type = '2', .name = "l", .bytes = "x", .target = "t"}), "has bytes, but is no file"));

const auto kTwice = testing::Values(
    Ended("FileTwice", File("a") + File("a"), "'a': is in the archive twice"),
    Ended("FileThenFolder", File("a") + Raw({.type = '5', .name = "a/"}), "'a': "),
    Ended("FolderThenFile", Raw({.type = '5', .name = "a/"}) + File("a"), "'a': is in the archive twice"),
    Ended("FileThenBelowIt", File("a") + File("a/b"), "'a/b': "),
    Ended("FolderThenLink", Raw({.type = '5', .name = "a/"}) + Link("a", "b"), "'a': is in the archive twice"),
    Ended("LinkTwice", Link("a", "b") + Link("a", "c"), "'a': is in the archive twice"));

std::string Many(int count) {
  std::string archive;
  for (int i = 0; i < count; ++i) archive += File(std::to_string(i));
  return archive;
}

const auto kBombs = testing::Values(
    Ended("ManyFiles", Many(11), "'10': the archive has more than the limit of 10 entries"),
    Ended("ManyFoldersAbove", File("1/2/3/4/5/6/7/8/9/10/11"), "more than the limit of 10 entries"),
    Ended("DeepFolder", Raw({.type = '5', .name = "1/2/3/4/5/6/7/8/9/10/11/"}), "more than the limit of 10 entries"),
    Ended("ManyBytes",
          Raw({.name = "a", .bytes = std::string(3000, 'x')}) + Raw({.name = "b", .bytes = std::string(2001, 'x')}),
          "'b': the archive unpacks to more than the limit of 5000 bytes"),
    Ended("HugeSize", Raw({.name = "a", .size = "77777777777"}), "'a': the archive unpacks to more than the limit"),
    Ended("HugeSizeInPax", Pax("size", "18446744073709551615") + File("x"), "'x': the archive unpacks to more than"),
    Ended("SizesThatOverflow", Raw({.name = "a", .bytes = "x"}) + Pax("size", "18446744073709551615") + File("b"),
          "'b': the archive unpacks to more"),
    Ended("HugeExtension", Raw({.type = 'x', .name = "pax", .size = "77777777777"}),
          "extended header of more than 64 KiB"),
    Ended("ExtensionsInARow", Pax("path", "a") + Pax("path", "b") + File("x"), "two extended headers in a row"));

std::string Spoiled(std::string archive, size_t at) {
  archive[at] ^= 1;
  return archive;
}

const auto kMalformed = testing::Values(
    Ended("Checksum", Spoiled(File("abc"), 1), "the checksum of a header is wrong"),
    Ended("ChecksumOfTheSecond", File("first") + Spoiled(File("abc"), 130), "behind 'first': the checksum"),
    Ended("NoUstar", Raw({.name = "a", .magic = std::string(8, '\0')}), "neither ustar nor pax"),
    Ended("Gnu", Raw({.name = "a", .magic = std::string("ustar  \0", 8)}), "neither ustar nor pax"),
    Ended("SizeInBase256", Raw({.name = "a", .size = "\x80" + std::string(11, '\1')}), "not octal"),
    Ended("NegativeSize", Raw({.name = "a", .size = "-0000000001"}), "not octal"),
    Ended("SizeOfLetters", Raw({.name = "a", .size = "00000000008"}), "not octal"),
    Ended("BadRecord", Raw({.type = 'x', .name = "pax", .bytes = "12 path=a\n"}) + File("x"), "malformed"),
    Ended("PathTwice", Raw({.type = 'x', .name = "pax", .bytes = "10 path=a\n10 path=b\n"}) + File("x"),
          "says the same twice"),
    Hostile{"Nothing", "", "cut off"}, Hostile{"HalfAHeader", File("a").substr(0, 300), "cut off"},
    Hostile{"HalfAFile", Raw({.name = "a", .bytes = std::string(2000, 'x')}).substr(0, 1500),
            "'a': the archive is cut off here"},
    Hostile{"NoEnd", File("a"), "'a': the archive is cut off here"},
    Hostile{"HalfAnEnd", File("a") + End().substr(0, 512), "cut off"},
    Hostile{"OddEnd", File("a") + End() + std::string(100, '\0'), "cut off"},
    Hostile{"ExtensionThenEnd", Pax("path", "a") + End(), "ends behind an extended header"},
    Hostile{"SomethingBehindTheEnd", File("a") + End() + File("b"), "goes on behind its end"},
    Hostile{"SomethingBehindHalfTheEnd", File("a") + End().substr(0, 512) + File("b"), "goes on behind its end"});

std::string NameOf(const testing::TestParamInfo<Hostile>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(Names, HostileArchives, kNames, NameOf);
INSTANTIATE_TEST_SUITE_P(Links, HostileArchives, kLinks, NameOf);
INSTANTIATE_TEST_SUITE_P(Kinds, HostileArchives, kKinds, NameOf);
INSTANTIATE_TEST_SUITE_P(Twice, HostileArchives, kTwice, NameOf);
INSTANTIATE_TEST_SUITE_P(Bombs, HostileArchives, kBombs, NameOf);
INSTANTIATE_TEST_SUITE_P(Malformed, HostileArchives, kMalformed, NameOf);

}  // namespace
}  // namespace coreflow::archive
