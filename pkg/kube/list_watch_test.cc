#include "pkg/kube/list_watch.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace coreflow::kube::list_watch {
namespace {

using std::chrono::seconds;

struct Case {
  std::string name;
  State state;
  Input input;
  Step want;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }
std::string NameOf(const testing::TestParamInfo<Case>& info) { return info.param.name; }

class NextTest : public testing::TestWithParam<Case> {};

TEST_P(NextTest, FollowsTheTable) { EXPECT_EQ(Next(GetParam().state, GetParam().input), GetParam().want); }

ApiError Answered(int status, std::optional<Duration> retry_after = {}) {
  ApiError error = ErrorOf({.status = status});
  error.retry_after = retry_after;
  return error;
}
ApiError Cut() { return ErrorWithoutAnswer({Code::kUnavailable, "cut"}); }
ApiError TooLarge() {
  ApiError error = Answered(504);
  error.causes = {{.reason = "ResourceVersionTooLarge"}};
  return error;
}
WatchEnded Ended(ApiError error) { return {.error = std::move(error)}; }

const Watching kFresh{.resource_version = "7"};
const Watching kLive{.resource_version = "7", .progressed = true};

INSTANTIATE_TEST_SUITE_P(
    Lists, NextTest,
    testing::Values(
        Case{"TheStartLists", Empty{}, Due{}, {Listing{}, {SendList{}}}},
        Case{"APageAsksForTheNext", Listing{}, PageCame{"5", "t"}, {Listing{"t"}, {SendList{"t"}}}},
        Case{"TheLastPageOpensTheWatch", Listing{"t"}, PageCame{"5", ""}, {Watching{"5"}, {EndList{}, SendWatch{"5"}}}},
        Case{"AnExpiredTokenListsTheWholeAtOnce",
             Listing{"t"},
             ListFailed{Answered(410)},
             {Listing{"", true}, {SendList{"", true}}}},
        Case{"AnExpiredListWithoutATokenWaits", Listing{"", true}, ListFailed{Answered(410)}, {Empty{}, {Wait{}}}},
        Case{"AFailedPageBeginsAnew", Listing{"t"}, ListFailed{Cut()}, {Empty{}, {Wait{}}}},
        Case{"AServerThatAsksForTimeGetsIt",
             Listing{},
             ListFailed{Answered(429, seconds(9))},
             {Empty{}, {Wait{seconds(9)}}}},
        Case{"AListIsNotBegunTwice", Listing{"t"}, RelistWanted{}, {Listing{"t"}, {}}}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Watches, NextTest,
    testing::Values(Case{"AFrameMovesTheVersion",
                         Watching{"7", 2},
                         VersionSeen{"8"},
                         {Watching{.resource_version = "8", .progressed = true}, {}}},
                    Case{"AGoodEndResumesAtOnce", kLive, WatchEnded{}, {kFresh, {SendWatch{"7"}}}},
                    Case{"AnEndAtOnceWaits", kFresh, WatchEnded{.at_once = true}, {Listed{"7", 1}, {Wait{}}}},
                    Case{"EndsAtOnceForEverList", Watching{"7", 2}, WatchEnded{.at_once = true}, {Empty{}, {Wait{}}}},
                    Case{"ACutResumesFromTheSameVersion", kLive, Ended(Cut()), {Listed{"7"}, {Wait{}}}},
                    Case{"CutsForEverNeverList", Watching{"7", 2}, Ended(Cut()), {Listed{"7", 2}, {Wait{}}}},
                    Case{"TheWaitOverTheWatchGoesOn", Listed{"7", 1}, Due{}, {Watching{"7", 1}, {SendWatch{"7"}}}},
                    Case{"TooManyKeepsTheVersion",
                         Watching{"7", 2},
                         Ended(Answered(429, seconds(3))),
                         {Listed{"7", 2}, {Wait{seconds(3)}}}},
                    Case{"AServerErrorKeepsTheVersion", kFresh, Ended(Answered(500)), {Listed{"7", 1}, {Wait{}}}},
                    Case{"RefusedCredentialsKeepTheVersion", kFresh, Ended(Answered(401)), {Listed{"7", 1}, {Wait{}}}},
                    Case{"MissingRightsKeepTheVersion", kFresh, Ended(Answered(403)), {Listed{"7", 1}, {Wait{}}}},
                    Case{"ServerErrorsForEverList", Watching{"7", 2}, Ended(Answered(500)), {Empty{}, {Wait{}}}},
                    Case{"ExpiredAfterProgressListsAtOnce", kLive, Ended(Answered(410)), {Listing{}, {SendList{}}}},
                    Case{"ExpiredWithoutProgressWaits", kFresh, Ended(Answered(410)), {Empty{}, {Wait{}}}},
                    Case{"AVersionTheServerHasNotReachedLists", kLive, Ended(TooLarge()), {Empty{}, {Wait{}}}},
                    Case{"AResourceThatIsGoneLists", kLive, Ended(Answered(404)), {Empty{}, {Wait{}}}},
                    Case{"ARequestThatIsRefusedLists", kLive, Ended(Answered(400)), {Empty{}, {Wait{}}}},
                    Case{"ARelistEndsTheWatch", kLive, RelistWanted{}, {Listing{}, {SendList{}}}},
                    Case{"ARelistEndsTheWait", Listed{"7"}, RelistWanted{}, {Listing{}, {SendList{}}}}),
    NameOf);

TEST(ListWatch, AnInputThatDoesNotFitChangesNothing) {
  EXPECT_EQ(Next(Empty{}, VersionSeen{"9"}), (Step{Empty{}, {}}));
  EXPECT_EQ(Next(Empty{}, RelistWanted{}), (Step{Empty{}, {}}));
  EXPECT_EQ(Next(Listing{"t"}, Due{}), (Step{Listing{"t"}, {}}));
  EXPECT_EQ(Next(Listing{"t"}, VersionSeen{"9"}), (Step{Listing{"t"}, {}}));
  EXPECT_EQ(Next(Listed{"7"}, PageCame{"9", ""}), (Step{Listed{"7"}, {}}));
  EXPECT_EQ(Next(kLive, PageCame{"9", ""}), (Step{kLive, {}}));
  EXPECT_EQ(Next(kLive, Due{}), (Step{kLive, {}}));
}

TEST(ListWatch, OnlyWhatWasToldHasAVersion) {
  EXPECT_EQ(VersionOf(Empty{}), "");
  EXPECT_EQ(VersionOf(Listing{"t"}), "");
  EXPECT_EQ(VersionOf(Listed{"7"}), "7");
  EXPECT_EQ(VersionOf(kLive), "7");
}

}  // namespace
}  // namespace coreflow::kube::list_watch
