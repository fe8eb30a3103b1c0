#include "pkg/executor/json_text.h"

#include <gtest/gtest.h>

namespace coreflow::executor {
namespace {

using namespace std::string_literals;

TEST(JsonText, EscapesQuotesAndControlCharacters) {
  EXPECT_EQ(JsonText(""), R"("")");
  EXPECT_EQ(JsonText("say \"hi\" \\ there"), R"("say \"hi\" \\ there")");
  EXPECT_EQ(JsonText("a\n\r\t\b\x1f\x7f\0z"s), "\"a\\n\\r\\t\\u0008\\u001f\x7f\\u0000z\"");
}

TEST(JsonText, KeepsCharacters) {
  EXPECT_EQ(JsonText("ä€😀"), "\"ä€😀\"");
  EXPECT_EQ(JsonText("\xc2\x80\xe0\xa0\x80\xed\x9f\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"),
            "\"\xc2\x80\xe0\xa0\x80\xed\x9f\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"");
}

TEST(JsonText, ReplacesEachByteThatIsNoCharacter) {
  const std::string none = "\\ufffd";
  EXPECT_EQ(JsonText("a\xff"), "\"a" + none + "\"");
  EXPECT_EQ(JsonText("\x80z"), "\"" + none + "z\"");
  EXPECT_EQ(JsonText("\xc3"), "\"" + none + "\"") << "cut off";
  EXPECT_EQ(JsonText("\xe2\x82\x22"), "\"" + none + none + "\\\"\"") << "the quote is no part of it";
  EXPECT_EQ(JsonText("\xc0\xaf"), "\"" + none + none + "\"") << "longer than need be";
  EXPECT_EQ(JsonText("\xe0\x9f\xbf"), "\"" + none + none + none + "\"") << "longer than need be";
  EXPECT_EQ(JsonText("\xed\xa0\x80"), "\"" + none + none + none + "\"") << "half of a pair";
  EXPECT_EQ(JsonText("\xf4\x90\x80\x80"), "\"" + none + none + none + none + "\"") << "behind the last";
}

}  // namespace
}  // namespace coreflow::executor
