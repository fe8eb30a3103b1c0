#include "pkg/archive/header.h"

#include <gtest/gtest.h>

#include <string>

namespace coreflow::archive {
namespace {

TEST(HeaderTest, WhatIsWrittenReadsBack) {
  const std::string block = FormatHeader({.name = "bin/tool", .size = 12345, .executable = true});
  ASSERT_EQ(block.size(), kBlock);
  const auto header = ParseHeader(block);
  ASSERT_TRUE(header.has_value()) << header.error().message;
  EXPECT_EQ(header->type, '0');
  EXPECT_EQ(header->name, "bin/tool");
  EXPECT_EQ(header->size, 12345u);
  EXPECT_EQ(header->mode, 0755u);
}

TEST(HeaderTest, LongNamesAndTargetsAndSizesStandInAnExtendedHeader) {
  const Entry entry{
      .kind = Kind::kFile, .name = std::string(150, 'n'), .size = uint64_t{9} << 30, .target = std::string(300, 't')};
  const std::string blocks = FormatHeader(entry);
  ASSERT_EQ(blocks.size(), 3 * kBlock);
  const auto first = ParseHeader(blocks.substr(0, kBlock));
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->type, 'x');
  const auto extension = ParseExtension(blocks.substr(kBlock, first->size));
  ASSERT_TRUE(extension.has_value()) << extension.error().message;
  EXPECT_EQ(extension->name, entry.name);
  EXPECT_EQ(extension->target, entry.target);
  EXPECT_EQ(extension->size, entry.size);
  EXPECT_TRUE(ParseHeader(blocks.substr(2 * kBlock)).has_value());
}

// The length of a record counts its own digits: 1 to 3 digits change around these.
TEST(HeaderTest, RecordsOfEveryLengthReadBack) {
  for (size_t size = 101; size < 1200; ++size) {
    const Entry entry{.name = std::string(size, 'n')};
    const std::string blocks = FormatHeader(entry);
    const auto first = ParseHeader(blocks.substr(0, kBlock));
    ASSERT_TRUE(first.has_value());
    const auto extension = ParseExtension(blocks.substr(kBlock, first->size));
    ASSERT_TRUE(extension.has_value()) << size;
    EXPECT_EQ(extension->name, entry.name);
  }
}

struct Records {
  std::string text;
  bool good;
};
void PrintTo(const Records& records, std::ostream* out) { *out << records.text; }

class ExtensionTest : public testing::TestWithParam<Records> {};

TEST_P(ExtensionTest, IsReadStrictly) { EXPECT_EQ(ParseExtension(GetParam().text).has_value(), GetParam().good); }

INSTANTIATE_TEST_SUITE_P(All, ExtensionTest,
                         testing::Values(Records{"", true}, Records{"10 path=a\n", true},
                                         Records{"15 mtime=1.234\n", true}, Records{"10 path=a\n10 size=1\n", true},
                                         Records{"10 path=a\n10 path=b\n", false}, Records{"11 path=a\n", false},
                                         Records{"9 path=a\n", true}, Records{"8 path=a\n", false},
                                         Records{"10 path=a", false}, Records{"10 path=ab", false},
                                         Records{"path=a\n", false}, Records{"-1 path=a\n", false},
                                         Records{"0 \n", false}, Records{"3 \n", false}, Records{"5 ==\n", false},
                                         Records{"7 path\n", false}, Records{"99999999999999999999 path=a\n", false},
                                         Records{"10 size=x\n", false}, Records{"11 size=-1\n", false},
                                         Records{"29 size=99999999999999999999\n", false},
                                         Records{"22 GNU.sparse.major=1\n", false}));

}  // namespace
}  // namespace coreflow::archive
