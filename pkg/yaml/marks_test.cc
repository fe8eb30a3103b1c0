#include "pkg/yaml/marks.h"

#include <gtest/gtest.h>

#include "pkg/yaml/yaml.h"

namespace coreflow::yaml {
namespace {

TEST(ReadMarks, KnowsWhereEveryValueStands) {
  const MarkedText text =
      ReadMarks("spec:\n  steps:\n  - name: a\n    image: x\n  - {name: b, env: [1, 2]}\n  a.b: 1\n");
  ASSERT_EQ(text.documents.size(), 1u);
  const DocumentMarks& marks = text.documents[0];
  EXPECT_EQ(marks.Find(".spec"), (Mark{1, 1}));
  EXPECT_EQ(marks.Find(".spec.steps"), (Mark{2, 3}));
  EXPECT_EQ(marks.Find(".spec.steps[0]"), (Mark{3, 5}));
  EXPECT_EQ(marks.Find(".spec.steps[0].image"), (Mark{4, 5}));
  EXPECT_EQ(marks.Find(".spec.steps[1].env[1]"), (Mark{5, 24}));
  EXPECT_EQ(marks.Find(".spec[\"a.b\"]"), (Mark{6, 3}));
}

TEST(ReadMarks, WhatIsMissingStandsAtWhatIsAroundIt) {
  const DocumentMarks marks = ReadMarks("spec:\n  steps:\n  - name: a\n").documents[0];
  EXPECT_EQ(marks.Find(".spec.steps[0].image"), (Mark{3, 5}));
  EXPECT_EQ(marks.Find(".spec.finally[3].pod.labels"), (Mark{1, 1}));
  EXPECT_EQ(marks.Find(".metadata"), (Mark{1, 1}));
}

TEST(ReadMarks, OfEachDocument) {
  const MarkedText text = ReadMarks("a: 1\n---\n---\nb: 1\n");
  ASSERT_EQ(text.documents.size(), 3u);
  EXPECT_FALSE(text.documents[0].empty);
  EXPECT_TRUE(text.documents[1].empty);
  EXPECT_EQ(text.documents[2].Find(".b"), (Mark{4, 1}));
}

TEST(ReadMarks, RemarksOnWhatIsReadOtherwiseThanItLooks) {
  const MarkedText text = ReadMarks("a: on\nb: 'on'\nc: 017\nd: 1_000\ne: true\nf: 17\ny: {a: 1, a: 2}\ng: [No]\n");
  std::string said;
  for (const Remark& remark : text.remarks) {
    said += std::to_string(remark.mark.line) + ":" + std::to_string(remark.mark.column) +
            (remark.error ? " error " : " ") + remark.message + "\n";
  }
  EXPECT_EQ(said,
            "1:4 on is read as true; quote it if it is meant as text\n"
            "3:4 017 is read as 15; quote it if it is meant as text\n"
            "4:4 1_000 is read as 1000; quote it if it is meant as text\n"
            "7:1 y is read as true; quote it if it is meant as text\n"
            "7:11 error the name \"a\" stands twice in one mapping; first in line 7\n"
            "8:5 No is read as false; quote it if it is meant as text\n");
}

TEST(ReadMarks, AliasesAndMergesHaveNoPlacesOfTheirOwn) {
  const MarkedText text = ReadMarks("a: &x {k: 1}\nb: *x\nc:\n  <<: *x\n  m: 2\n");
  const DocumentMarks& marks = text.documents[0];
  EXPECT_EQ(marks.Find(".b.k"), (Mark{2, 1}));
  EXPECT_EQ(marks.Find(".c.k"), (Mark{3, 1}));
  EXPECT_EQ(marks.Find(".c.m"), (Mark{5, 3}));
  EXPECT_TRUE(text.remarks.empty());
}

TEST(ReadMarks, TextThatIsNoYamlEndsIt) {
  for (const char* text : {",", "a: [", "{a: 1", "? [a]: b", "- a\nb", "*x", "\t", "%x\n---\n,"}) ReadMarks(text);
  ReadMarks(std::string(100'000, '['));
}

TEST(RemarkOf, TakesThePlaceOutOfAnError) {
  const auto read = FromYaml("a: 1\nb: [\n");
  ASSERT_FALSE(read);
  const auto remark = RemarkOf(read.error());
  ASSERT_TRUE(remark) << read.error().message;
  EXPECT_EQ(remark->mark.line, 3);
  EXPECT_EQ(RemarkOf({.message = "the text is longer"}), std::nullopt);
}

}  // namespace
}  // namespace coreflow::yaml
