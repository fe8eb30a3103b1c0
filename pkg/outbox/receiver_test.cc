#include "pkg/outbox/receiver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace coreflow::outbox {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

TEST(CheckReceiver, NobodyIsFineUnlessSomethingIsSaidOfThem) {
  EXPECT_THAT(CheckReceiver({}), IsEmpty());
  const ReceiverProblem missing{.field = "url", .message = "is needed by what else stands there"};
  EXPECT_THAT(CheckReceiver({.headers = {"no header"}}), ElementsAre(missing));
  EXPECT_THAT(CheckReceiver({.ca_file = "/ca.pem"}), ElementsAre(missing));
}

TEST(CheckReceiver, EverythingThatIsWrongIsSaidAtOnceAndNoHeaderRepeated) {
  const auto problems = CheckReceiver({.url = "collector:4318", .headers = {"a=b", "secret", "Content-type=x"}});
  EXPECT_THAT(problems, ElementsAre(Field(&ReceiverProblem::field, "url"), Field(&ReceiverProblem::field, "headers[1]"),
                                    Field(&ReceiverProblem::field, "headers[2]")));
  for (const ReceiverProblem& problem : problems) EXPECT_EQ(problem.message.find("secret"), std::string::npos);
}

TEST(ParseHeader, TheValueBeginsAfterTheFirstEqualsSign) {
  EXPECT_EQ(ParseHeader("Authorization=Basic YQ=="),
            std::pair(std::string("Authorization"), std::string("Basic YQ==")));
  EXPECT_EQ(ParseHeader("X-Empty="), std::pair(std::string("X-Empty"), std::string()));
  for (const char* none : {"", "no header", "=a", "a b=c", "a=b\n", "CONTENT-TYPE=x"}) {
    EXPECT_EQ(ParseHeader(none), std::nullopt) << none;
  }
}

TEST(SplitList, KeepsWhatIsEmpty) {
  EXPECT_THAT(SplitList("a=b,c=d"), ElementsAre("a=b", "c=d"));
  EXPECT_THAT(SplitList("a,,"), ElementsAre("a", "", ""));
  EXPECT_THAT(SplitList(""), ElementsAre(""));
}

}  // namespace
}  // namespace coreflow::outbox
