#include "pkg/redaction/known_values.h"

#include <gtest/gtest.h>

namespace coreflow::redaction {
namespace {

TEST(KnownValues, AreFoundWhereverTheyStand) {
  KnownValues known;
  known.Add("hunter2");
  known.Add(json::Array{json::Object{{"a", "correct horse"}}, 12345678});
  EXPECT_EQ(known.Mask("hunter2, it said: correct horse12345678"), "[masked], it said: [masked][masked]");
}

TEST(KnownValues, NamesOfMembersAndShortValuesAreNot) {
  KnownValues known;
  known.Add(json::Object{{"a-long-name", "short"}, {"flag", true}, {"n", 7}});
  EXPECT_EQ(known.Mask("a-long-name short true 7"), "a-long-name short true 7");
}

TEST(KnownValues, OfAPairTheLongerOneIsTaken) {
  KnownValues known;
  known.Add("secret");
  known.Add("secret-of-mine");
  EXPECT_EQ(known.Mask("secret-of-mine secret-of-yours"), "[masked] [masked]-of-yours");
}

TEST(KnownValues, EachLineOfATextCounts) {
  KnownValues known;
  known.Add("first line\nsecond line\r\n\n");
  EXPECT_EQ(known.Mask("x second line x first line"), "x [masked] x [masked]");
}

TEST(KnownValues, AreFoundAsJsonWritesThem) {
  KnownValues known;
  known.Add("say \"please\"");
  EXPECT_EQ(known.Mask(R"({"msg":"say \"please\" now"})"), R"({"msg":"[masked] now"})");
}

TEST(KnownValues, ALongOneIsFoundWhenALogHasCutIt) {
  KnownValues known;
  known.Add(std::string(1000, 'a') + std::string(1000, 'b'));
  EXPECT_EQ(known.Mask("x" + std::string(1000, 'a') + std::string(10, 'b') + "… (cut)"), "x[masked]… (cut)");
  EXPECT_EQ(known.Mask(std::string(23, 'a')), std::string(23, 'a'));
}

TEST(KnownValues, OfManyWithTheSameBeginningNoneIsShownToItsEnd) {
  KnownValues known;
  const std::string beginning(30, 'a');
  for (int i = 100; i < 200; ++i) known.Add(beginning + std::to_string(i) + "z");
  EXPECT_EQ(known.Mask(beginning + "199z, and " + beginning + "100z"), "[masked] and [masked]");
}

TEST(KnownValues, ThereIsAnEndToWhatIsKept) {
  KnownValues known;
  for (int i = 0; i < 6000 && !known.full(); ++i) known.Add(std::to_string(i) + std::string(4000, 'x'));
  EXPECT_TRUE(known.full());
  EXPECT_EQ(known.Mask("0" + std::string(4000, 'x')), "[masked]");
}

TEST(KnownValues, WithoutAnyATextStays) { EXPECT_EQ(KnownValues().Mask("as it is"), "as it is"); }

}  // namespace
}  // namespace coreflow::redaction
