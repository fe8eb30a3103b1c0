#include "pkg/kube/election.h"

#include <gtest/gtest.h>

#include <ostream>
#include <sstream>
#include <string>
#include <vector>

namespace coreflow::kube::election {
namespace {

using std::chrono::seconds;

const Config kConfig{.key = {"n", "bucket-7"},
                     .identity = "me",
                     .lease_duration = seconds(15),
                     .renew_deadline = seconds(10),
                     .labels = {{"app", "coreflow"}},
                     .first_epoch = 1};

// A Lease as the server gives it. `renewed` only tells one spec from another.
json::Value Lease(const std::string& holder, int64_t epoch, int renewed = 0, json::Value duration = 15) {
  return json::Object{{"metadata", json::Object{{"name", "bucket-7"}, {"resourceVersion", "5"}}},
                      {"spec", json::Object{{"holderIdentity", holder},
                                            {"leaseTransitions", epoch},
                                            {"leaseDurationSeconds", std::move(duration)},
                                            {"renewTime", std::to_string(renewed)}}}};
}
Failed Error(Code code) { return {.error = ErrorWithoutAnswer({code, ""})}; }
const Failed kMissing = Error(Code::kNotFound);
const Failed kConflict = Error(Code::kConflict);
const Failed kNoAnswer = Error(Code::kUnavailable);

// "Replace(me 3)": the holder and the epoch that are written.
std::string Shown(const Output& output) {
  std::ostringstream out;
  auto lease = [&](const char* verb, const json::Value& value) {
    std::string holder = HolderOf(value);
    out << verb << '(' << (holder.empty() ? "nobody" : holder) << ' ' << EpochOf(value) << ')';
  };
  if (auto* create = std::get_if<Create>(&output)) {
    lease("Create", create->lease);
  } else if (auto* replace = std::get_if<Replace>(&output)) {
    lease("Replace", replace->lease);
  } else {
    PrintTo(output, &out);
  }
  return out.str();
}

struct Event {
  int at;  // seconds
  Input input;
  std::string want;  // outputs, with commas
};
struct Case {
  std::string name;
  std::vector<Event> events;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }
std::string NameOf(const testing::TestParamInfo<Case>& info) { return info.param.name; }

class ElectionTest : public testing::TestWithParam<Case> {};

TEST_P(ElectionTest, GoesAsTold) {
  State state;
  for (const Event& event : GetParam().events) {
    Step step = Next(kConfig, state, event.input, {seconds(event.at), Time(seconds(1000 + event.at))});
    state = step.state;
    std::string got;
    for (const Output& output : step.outputs) got += (got.empty() ? "" : ", ") + Shown(output);
    EXPECT_EQ(got, event.want) << "at " << event.at << " s";
  }
}

INSTANTIATE_TEST_SUITE_P(
    Candidate, ElectionTest,
    testing::Values(
        Case{"MakesALeaseThatIsMissing",
             {{0, Start{}, "Read"},
              {0, kMissing, "Create(me 1)"},
              {1, Answered{Lease("me", 1)}, "Lead 1, EndAt 10000, Wait"}}},
        Case{"TakesALeaseThatNobodyHolds", {{0, Start{}, "Read"}, {0, Answered{Lease("", 4)}, "Replace(me 5)"}}},
        Case{"WaitsForAHolderThatRenews",
             {{0, Start{}, "Read"},
              {0, Answered{Lease("other", 4, 1)}, "Wait with jitter"},
              {14, Tick{}, "Read"},
              {14, Answered{Lease("other", 4, 2)}, "Wait with jitter"},
              {28, Tick{}, "Read"},
              {28, Answered{Lease("other", 4, 2)}, "Wait with jitter"}}},
        Case{"TakesOverWhenTheLeaseWasNotRenewedForItsDuration",
             {{0, Start{}, "Read"},
              {0, Answered{Lease("other", 4)}, "Wait with jitter"},
              {15, Tick{}, "Read"},
              {15, Answered{Lease("other", 4)}, "Replace(me 5)"},
              {15, Answered{Lease("me", 5)}, "Lead 5, EndAt 25000, Wait"}}},
        Case{"HonoursTheHoldersOwnDuration",
             {{0, Start{}, "Read"},
              {0, Answered{Lease("other", 4, 0, 60)}, "Wait with jitter"},
              {59, Tick{}, "Read"},
              {59, Answered{Lease("other", 4, 0, 60)}, "Wait with jitter"},
              {60, Tick{}, "Read"},
              {60, Answered{Lease("other", 4, 0, 60)}, "Replace(me 5)"}}},
        Case{"ADurationThatMakesNoSenseIsOurs",
             {{0, Start{}, "Read"},
              {0, Answered{Lease("other", 4, 0, "x")}, "Wait with jitter"},
              {15, Tick{}, "Read"},
              {15, Answered{Lease("other", 4, 0, "x")}, "Replace(me 5)"}}},
        Case{"ADurationForEverIsAnHour",
             {{0, Start{}, "Read"},
              {0, Answered{Lease("other", 4, 0, INT64_MAX)}, "Wait with jitter"},
              {3600, Tick{}, "Read"},
              {3600, Answered{Lease("other", 4, 0, INT64_MAX)}, "Replace(me 5)"}}},
        Case{"AnotherWasFaster",
             {{0, Start{}, "Read"}, {0, Answered{Lease("", 4)}, "Replace(me 5)"}, {0, kConflict, "Wait with jitter"}}},
        Case{"AnotherMadeItFirst",
             {{0, Start{}, "Read"},
              {0, kMissing, "Create(me 1)"},
              {0, Error(Code::kAlreadyExists), "Wait with jitter"}}},
        Case{"ANamespaceThatIsMissingIsNoReasonToHurry",
             {{0, Start{}, "Read"}, {0, kMissing, "Create(me 1)"}, {0, kMissing, "Wait with jitter"}}},
        Case{"AnAnswerThatTookTheWholeTermIsNoTerm",
             {{0, Start{}, "Read"},
              {0, Answered{Lease("", 4)}, "Replace(me 5)"},
              {10, Answered{Lease("me", 5)}, "Wait with jitter"},
              {12, Tick{}, "Read"},
              {12, Answered{Lease("me", 5)}, "Replace(me 6)"}}},
        Case{"AWriteThatGotNoAnswerButWasDoneGivesTheNextEpoch",
             {{0, Start{}, "Read"},
              {0, Answered{Lease("", 4)}, "Replace(me 5)"},
              {5, kNoAnswer, "Wait with jitter"},
              {7, Tick{}, "Read"},
              {7, Answered{Lease("me", 5)}, "Replace(me 6)"},
              {7, Answered{Lease("me", 6)}, "Lead 6, EndAt 17000, Wait"}}},
        Case{"ALeaseMadeAgainDoesNotGoBackToAnEarlierEpoch",
             {{0, Start{}, "Read"},
              {0, Answered{Lease("other", 4)}, "Wait with jitter"},
              {2, Tick{}, "Read"},
              {2, kMissing, "Create(me 5)"}}},
        Case{"AServerThatIsAwayIsAskedAgain",
             {{0, Start{}, "Read"}, {5, kNoAnswer, "Wait with jitter"}, {7, Tick{}, "Read"}}}),
    NameOf);

// The events until this process leads, in a term sent at second 0.
std::vector<Event> Leading(std::vector<Event> then) {
  std::vector<Event> events{{0, Start{}, "Read"},
                            {0, Answered{Lease("", 4)}, "Replace(me 5)"},
                            {0, Answered{Lease("me", 5)}, "Lead 5, EndAt 10000, Wait"}};
  events.insert(events.end(), then.begin(), then.end());
  return events;
}

INSTANTIATE_TEST_SUITE_P(
    Leader, ElectionTest,
    testing::Values(
        Case{"RenewsWithoutReading",
             Leading({{2, Tick{}, "Replace(me 5)"}, {3, Answered{Lease("me", 5, 1)}, "EndAt 12000, Wait"}})},
        Case{"ATimerOfAnEarlierRenewalEndsNothing", Leading({{2, Tick{}, "Replace(me 5)"},
                                                             {3, Answered{Lease("me", 5, 1)}, "EndAt 12000, Wait"},
                                                             {10, Deadline{}, ""},
                                                             {12, Deadline{}, "Lost"}})},
        Case{"ARenewalThatFailsIsCheckedFirst", Leading({{2, Tick{}, "Replace(me 5)"},
                                                         {7, kNoAnswer, "Wait"},
                                                         {9, Tick{}, "Read"},
                                                         {9, Answered{Lease("me", 5)}, "Replace(me 5)"},
                                                         {9, Answered{Lease("me", 5, 1)}, "EndAt 19000, Wait"}})},
        Case{"ALabelOnTheLeaseIsAConflictAndNoMore", Leading({{2, Tick{}, "Replace(me 5)"},
                                                              {2, kConflict, "Read"},
                                                              {2, Answered{Lease("me", 5)}, "Replace(me 5)"}})},
        Case{"LosesWhatItCouldNotRenew", Leading({{2, Tick{}, "Replace(me 5)"},
                                                  {7, kNoAnswer, "Wait"},
                                                  {9, Tick{}, "Read"},
                                                  {10, Deadline{}, "Lost"},
                                                  {14, kNoAnswer, "Wait with jitter"}})},
        Case{"ARenewalThatComesAfterTheTermIsNoTerm", Leading({{2, Tick{}, "Replace(me 5)"},
                                                               {10, Deadline{}, "Lost"},
                                                               {11, Answered{Lease("me", 5, 1)}, "Wait with jitter"},
                                                               {13, Tick{}, "Read"},
                                                               {13, Answered{Lease("me", 5, 1)}, "Replace(me 6)"}})},
        Case{"AProcessThatWasStoppedHasLostWhateverWakesIt",
             Leading({{30, Tick{}, "Lost, Read"}, {30, Answered{Lease("other", 6)}, "Wait with jitter"}})},
        Case{"AProcessThatWasStoppedInARenewalHasLost",
             Leading({{2, Tick{}, "Replace(me 5)"}, {30, Answered{Lease("me", 5, 1)}, "Lost, Wait with jitter"}})},
        Case{"LosesToAnother", Leading({{2, Tick{}, "Replace(me 5)"},
                                        {2, kConflict, "Read"},
                                        {2, Answered{Lease("other", 6)}, "Lost, Wait with jitter"}})},
        Case{"LosesToALaterTermOfItsOwnName", Leading({{2, Tick{}, "Replace(me 5)"},
                                                       {2, kConflict, "Read"},
                                                       {2, Answered{Lease("me", 6)}, "Lost, Wait with jitter"}})},
        Case{"ALeaseThatWasDeletedIsLost", Leading({{2, Tick{}, "Replace(me 5)"},
                                                    {2, kMissing, "Lost, Wait with jitter"},
                                                    {4, Tick{}, "Read"},
                                                    {4, kMissing, "Create(me 6)"}})}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Releases, ElectionTest,
    testing::Values(
        Case{"ALeaderGivesTheLeaseBack",
             Leading({{1, Release{}, "Replace(nobody 5)"}, {1, Answered{Lease("", 5)}, "Released"}})},
        Case{"ARenewalUnderWayComesFirst", Leading({{2, Tick{}, "Replace(me 5)"},
                                                    {3, Release{}, ""},
                                                    {4, Answered{Lease("me", 5, 1)}, "Replace(nobody 5)"},
                                                    {4, Answered{Lease("", 5)}, "Released"}})},
        Case{"ATakeOverUnderWayIsGivenBack",
             {{0, Start{}, "Read"},
              {0, Answered{Lease("", 4)}, "Replace(me 5)"},
              {1, Release{}, ""},
              {2, Answered{Lease("me", 5)}, "Replace(nobody 5)"}}},
        Case{"ATakeOverThatFailedIsNot",
             {{0, Start{}, "Read"},
              {0, Answered{Lease("", 4)}, "Replace(me 5)"},
              {1, Release{}, ""},
              {2, kConflict, "Read"},
              {2, Answered{Lease("other", 5)}, "Released"}}},
        Case{"ACandidateJustStops",
             {{0, Start{}, "Read"},
              {0, Answered{Lease("other", 4)}, "Wait with jitter"},
              {1, Release{}, "Released"},
              {2, Tick{}, "Read"}}},
        Case{"AReleaseThatFailsIsTriedAgainForATime", Leading({{1, Release{}, "Replace(nobody 5)"},
                                                               {6, kNoAnswer, "Wait"},
                                                               {8, Tick{}, "Read"},
                                                               {8, Answered{Lease("me", 5)}, "Replace(nobody 5)"},
                                                               {13, kNoAnswer, "Released"}})},
        Case{"AReleaseInConflictLooksAgain", Leading({{1, Release{}, "Replace(nobody 5)"},
                                                      {1, kConflict, "Read"},
                                                      {1, Answered{Lease("other", 6)}, "Released"}})},
        Case{"ALeaseThatIsGoneIsReleased", Leading({{1, Release{}, "Replace(nobody 5)"}, {1, kMissing, "Released"}})},
        Case{"ATermThatIsOverIsStillGivenBack",
             Leading({{11, Release{}, "Lost, Replace(nobody 5)"}, {11, Answered{Lease("", 5)}, "Released"}})},
        Case{"TheNextTermHasANewEpoch", Leading({{1, Release{}, "Replace(nobody 5)"},
                                                 {1, Answered{Lease("", 5)}, "Released"},
                                                 {9, Start{}, "Read"},
                                                 {9, Answered{Lease("", 5)}, "Replace(me 6)"}})}),
    NameOf);

TEST(Election, ATermRunsFromTheMomentItsRenewalWasSent) {
  State state{.role = Role::kLeader, .renewed = seconds(100)};
  EXPECT_TRUE(Leading(kConfig, state, seconds(100)));
  EXPECT_TRUE(Leading(kConfig, state, seconds(110) - Duration(1)));
  EXPECT_FALSE(Leading(kConfig, state, seconds(110)));
  state.role = Role::kReleasing;
  EXPECT_FALSE(Leading(kConfig, state, seconds(100)));
}

TEST(Election, WritesKeepWhatTheyDoNotKnow) {
  json::Value lease = json::Object{
      {"metadata", json::Object{{"name", "l"}, {"resourceVersion", "9"}, {"annotations", json::Object{{"a", "b"}}}}},
      {"spec", json::Object{{"preferredHolder", "x"}}}};
  State state = Next(kConfig, {}, Start{}, {}).state;
  Step step = Next(kConfig, state, Answered{lease}, {seconds(5), Time(seconds(1000))});
  const json::Value& written = std::get<Replace>(step.outputs.at(0)).lease;
  EXPECT_EQ(written["metadata"], lease["metadata"]);
  EXPECT_EQ(written["spec"], (json::Value(json::Object{{"preferredHolder", "x"},
                                                       {"holderIdentity", "me"},
                                                       {"leaseDurationSeconds", 15},
                                                       {"acquireTime", "1970-01-01T00:16:40.000000Z"},
                                                       {"renewTime", "1970-01-01T00:16:40.000000Z"},
                                                       {"leaseTransitions", 1}})));
}

TEST(Election, ANewLeaseHasItsNameAndLabels) {
  State state = Next(kConfig, {}, Start{}, {}).state;
  Step step = Next(kConfig, state, kMissing, {});
  const json::Value& lease = std::get<Create>(step.outputs.at(0)).lease;
  EXPECT_EQ(lease["metadata"],
            (json::Value(json::Object{
                {"namespace", "n"}, {"name", "bucket-7"}, {"labels", json::Object{{"app", "coreflow"}}}})));
  EXPECT_EQ(lease["apiVersion"], json::Value("coordination.k8s.io/v1"));
}

TEST(Election, EpochsOfOthersAreReadWithCare) {
  auto with = [](json::Value transitions) {
    return EpochOf(json::Object{{"spec", json::Object{{"leaseTransitions", std::move(transitions)}}}});
  };
  EXPECT_EQ(with(7), 7);
  EXPECT_EQ(with(-1), 0);
  EXPECT_EQ(with("7"), 0);
  EXPECT_EQ(with(nullptr), 0);
  EXPECT_EQ(with(INT64_MAX), 2147483647);
}

}  // namespace
}  // namespace coreflow::kube::election
