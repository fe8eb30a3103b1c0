#include "pkg/executor/answer.h"

#include <gtest/gtest.h>

#include <string>

namespace coreflow::executor {
namespace {

using namespace std::string_literals;

const std::string kDigest = std::string(60, '0') + "9abf";

TEST(Answer, OkGivesDigestAndSize) {
  const auto stored = ReadAnswer("OK " + kDigest + " 12", true);
  ASSERT_TRUE(stored) << stored.error().message;
  EXPECT_EQ(*stored, (Stored{.digest = kDigest, .bytes = 12}));
}

TEST(Answer, AgainIsToBeTriedAgainAndErrorIsNot) {
  for (const bool complete : {false, true}) {
    EXPECT_EQ(ReadAnswer("AGAIN the store is slow", complete).error(),
              (Error{.code = Code::kUnavailable, .message = "the store is slow"}));
    EXPECT_EQ(ReadAnswer("ERROR no room", complete).error(), (Error{.code = Code::kInvalid, .message = "no room"}));
  }
  EXPECT_EQ(ReadAnswer("AGAIN", true).error().code, Code::kUnavailable);
}

TEST(Answer, ThatMakesNoSenseIsAnError) {
  for (const std::string& line : {std::string(), "OK"s, "OK "s, "OK " + kDigest, "OK " + kDigest + " ",
                                  "OK " + kDigest + " -1", "OK " + kDigest + " 1x", "OK " + std::string(64, 'A') + " 1",
                                  "OK  " + kDigest + " 1", "ok " + kDigest + " 1", "AGAINST"s}) {
    const auto stored = ReadAnswer(line, true);
    ASSERT_FALSE(stored) << line;
    EXPECT_EQ(stored.error().code, Code::kInvalid) << line;
  }
}

TEST(Answer, OkForHalfAnArtifactIsAnError) { EXPECT_FALSE(ReadAnswer("OK " + kDigest + " 12", false)); }

}  // namespace
}  // namespace coreflow::executor
