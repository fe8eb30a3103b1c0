#include "pkg/compare/line_diff.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

namespace coreflow::compare {
namespace {

struct Case {
  std::string name;
  std::string before;
  std::string after;
  std::string want;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class UnifiedDiffTest : public testing::TestWithParam<Case> {};

TEST_P(UnifiedDiffTest, IsWhatDiffSays) {
  EXPECT_EQ(UnifiedDiff(GetParam().before, GetParam().after), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, UnifiedDiffTest,
    testing::Values(Case{.name = "NothingOfEqualTexts", .before = "a\nb\n", .after = "a\nb\n", .want = ""},
                    Case{.name = "NothingOfEmptyTexts", .before = "", .after = "", .want = ""},
                    Case{.name = "ALineIsReplaced",
                         .before = "a\nb\nc\n",
                         .after = "a\nx\nc\n",
                         .want = "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n"},
                    Case{.name = "ATextBegins", .before = "", .after = "a\n", .want = "@@ -0,0 +1 @@\n+a\n"},
                    Case{.name = "ATextEnds", .before = "a\n", .after = "", .want = "@@ -1 +0,0 @@\n-a\n"},
                    Case{.name = "ThreeLinesAround",
                         .before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n",
                         .after = "1\n2\n3\n4\nx\n6\n7\n8\n9\n",
                         .want = "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n"},
                    Case{.name = "FarChangesStandApart",
                         .before = "a\n1\n2\n3\n4\n5\n6\n7\nb\n",
                         .after = "x\n1\n2\n3\n4\n5\n6\n7\ny\n",
                         .want = "@@ -1,4 +1,4 @@\n-a\n+x\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+y\n"},
                    Case{.name = "NearChangesStandTogether",
                         .before = "a\n1\n2\n3\n4\n5\n6\nb\n",
                         .after = "x\n1\n2\n3\n4\n5\n6\ny\n",
                         .want = "@@ -1,8 +1,8 @@\n-a\n+x\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+y\n"},
                    Case{.name = "WhatMovedIsFoundAgain",
                         .before = "a\nb\nc\na\nb\nb\na\n",
                         .after = "c\nb\na\nb\na\nc\n",
                         .want = "@@ -1,7 +1,6 @@\n-a\n-b\n c\n+b\n a\n b\n-b\n a\n+c\n"},
                    Case{.name = "ALastLineWithoutAnEnd",
                         .before = "a\nb",
                         .after = "a\nb\n",
                         .want = "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n"}),
    [](const auto& info) { return info.param.name; });

// Both texts can be read off the edits, whatever they are.
TEST(DiffLinesTest, TheEditsMakeTheOneOfTheOther) {
  uint32_t random = 1;
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string_view> texts[2];
    for (auto& lines : texts) {
      for (int i = 0; i < round % 23; ++i) {
        random = random * 1664525 + 1013904223;
        lines.push_back(std::string_view("abc").substr(random >> 30 & 1, 1));
      }
    }
    std::vector<std::string_view> before;
    std::vector<std::string_view> after;
    for (const LineEdit& edit : DiffLines(texts[0], texts[1])) {
      if (edit.kind != LineEdit::Kind::kAdded) before.push_back(edit.line);
      if (edit.kind != LineEdit::Kind::kRemoved) after.push_back(edit.line);
    }
    ASSERT_EQ(before, texts[0]) << "round " << round;
    ASSERT_EQ(after, texts[1]) << "round " << round;
  }
}

TEST(DiffLinesTest, TooManyEditsAreOneReplacement) {
  std::vector<std::string> words;
  for (int i = 0; i < 2 * kMostEdits; ++i) words.push_back(std::to_string(i));
  std::vector<std::string_view> before = {"same"};
  std::vector<std::string_view> after = {"same"};
  for (size_t i = 0; i < words.size(); ++i) (i % 2 == 0 ? before : after).emplace_back(words[i]);
  const auto edits = DiffLines(before, after);
  ASSERT_EQ(edits.size(), 2 * kMostEdits + 1U);
  EXPECT_EQ(edits.front(), (LineEdit{.kind = LineEdit::Kind::kKept, .line = "same"}));
  EXPECT_EQ(edits[1], (LineEdit{.kind = LineEdit::Kind::kRemoved, .line = "0"}));
  EXPECT_EQ(edits.back(), (LineEdit{.kind = LineEdit::Kind::kAdded, .line = words.back()}));
}

}  // namespace
}  // namespace coreflow::compare
