#include "pkg/json/write.h"

#include <gtest/gtest.h>

#include <limits>

#include "pkg/json/parse.h"

namespace coreflow::json {
namespace {

TEST(Write, EscapesWhatJsonNeeds) {
  EXPECT_EQ(Quote("a\"b\\c\n\t\r\x01\x7f"), "\"a\\\"b\\\\c\\n\\t\\r\\u0001\\u007f\"");
  EXPECT_EQ(Quote("grün €"), "\"grün €\"");
}

TEST(Write, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(Quote("a\xff"
                  "b"),
            "\"a\xEF\xBF\xBD"
            "b\"");
  EXPECT_EQ(Quote("\xed\xa0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");  // a surrogate
  EXPECT_EQ(Quote("\xc0\xaf"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");                  // an over-long form
}

TEST(Write, EveryStringReadsBack) {
  for (int byte = 0; byte < 256; ++byte) {
    EXPECT_TRUE(Parse(Quote(std::string(1, static_cast<char>(byte)))).has_value()) << byte;
  }
}

TEST(Write, IndentsForPeople) {
  EXPECT_EQ(WriteIndented(Object{{"a", Array{1, 2}}, {"b", Object{}}}),
            "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}");
}

TEST(Write, CanonicalFormLeavesOutNullsAndFractionsOfZero) {
  Value value = Object{{"a", 1.0}, {"b", nullptr}, {"c", Array{nullptr, 1.5, 3e15}}};
  EXPECT_EQ(WriteCanonical(value), "{\"a\":1,\"c\":[null,1.5,3000000000000000]}");
}

TEST(Write, NumbersThatJsonLacksAreNull) {
  EXPECT_EQ(Write(std::numeric_limits<double>::quiet_NaN()), "null");
  EXPECT_EQ(Write(std::numeric_limits<double>::infinity()), "null");
}

}  // namespace
}  // namespace coreflow::json
