#include "pkg/schema/cause.h"

#include <gtest/gtest.h>

#include "pkg/schema/go_text.h"

namespace coreflow::schema {
namespace {

TEST(Cause, ShowsValuesAsGoDoes) {
  EXPECT_EQ(InvalidValue("a", 1, "why").message, "Invalid value: 1: why");
  EXPECT_EQ(InvalidValue("a", 1.5, "").message, "Invalid value: 1.5");
  EXPECT_EQ(InvalidValue("a", "x\n\"", "why").message, "Invalid value: \"x\\n\\\"\": why");
  EXPECT_EQ(InvalidValue("a", json::Value(), "why").message, "Invalid value: null: why");
  EXPECT_EQ(InvalidValue("a", json::Object{{"b", 1}}, "").message, "Invalid value: {\"b\":1}");
}

TEST(Cause, NumbersAreWrittenAsGoWritesThem) {
  EXPECT_EQ(GoNumber(100), "100");
  EXPECT_EQ(GoNumber(0.25), "0.25");
  EXPECT_EQ(GoNumber(0.00001), "1e-05");
  EXPECT_EQ(GoNumber(1e20), "100000000000000000000");
  EXPECT_EQ(GoNumber(1e21), "1e+21");
}

TEST(Cause, CountsOneAndMany) {
  EXPECT_EQ(TooLong("a", 1).message, "Too long: may not be more than 1 byte");
  EXPECT_EQ(TooLong("a", 63).message, "Too long: may not be more than 63 bytes");
  EXPECT_EQ(TooMany("a", 2, 1).message, "Too many: 2: must have at most 1 item");
}

TEST(Cause, NamesWhatIsSupported) {
  EXPECT_EQ(NotSupported("a", "x", json::Array{"A", 1}).message,
            "Unsupported value: \"x\": supported values: \"A\", \"1\"");
}

}  // namespace
}  // namespace coreflow::schema
