#include "pkg/api/reasons.h"

#include <gtest/gtest.h>

#include <cctype>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

namespace coreflow::api {
namespace {

TEST(Reasons, EveryTokenIsCamelCaseAndReadsBack) {
  std::set<std::string_view> seen;
  for (const ReasonInfo& info : Reasons()) {
    EXPECT_TRUE(seen.insert(info.token).second) << info.token << " stands twice";
    EXPECT_TRUE(std::isupper(info.token.front())) << info.token;
    for (char c : info.token) EXPECT_TRUE(std::isalpha(c)) << info.token;
    EXPECT_EQ(ParseReason(info.token), info.reason);
    EXPECT_EQ(Token(info.reason), info.token);
  }
}

TEST(Reasons, UnknownTokensAreNoReason) {
  EXPECT_EQ(ParseReason("Unschedulable"), std::nullopt);
  EXPECT_EQ(ParseReason("suspended"), std::nullopt);
  EXPECT_EQ(ParseReason(""), std::nullopt);
}

TEST(Reasons, EveryMeaningAndRemedyIsASentence) {
  for (const ReasonInfo& info : Reasons()) {
    EXPECT_TRUE(info.meaning.ends_with('.')) << info.token;
    EXPECT_TRUE(info.remedy.empty() || info.remedy.ends_with('.')) << info.token;
  }
}

TEST(Reasons, WhatNeedsAHumanSaysWhatToDo) {
  for (const ReasonInfo& info : Reasons()) {
    if (info.alert || info.cls == ReasonClass::kUser || info.cls == ReasonClass::kConfig) {
      EXPECT_FALSE(info.remedy.empty()) << info.token;
    }
  }
}

TEST(Reasons, AReasonWaitsOrIsUnderWayOrHasEnded) {
  for (const ReasonInfo& info : Reasons()) {
    int kinds = IsWaiting(info.reason) + IsEnd(info.reason) + (info.cls == ReasonClass::kActive);
    EXPECT_EQ(kinds, 1) << info.token;
    EXPECT_EQ(IsWaiting(info.reason), info.reason <= Reason::kPendingEvaluation) << info.token;
    EXPECT_EQ(IsEnd(info.reason), info.reason >= Reason::kSucceeded) << info.token;
  }
}

TEST(Reasons, TheMoreStructuralCauseWins) {
  EXPECT_EQ(MoreStructural(Reason::kImagePullError, Reason::kSuspended), Reason::kSuspended);
  EXPECT_EQ(MoreStructural(Reason::kMisconfigured, Reason::kDependenciesRunning), Reason::kMisconfigured);
  EXPECT_EQ(MoreStructural(Reason::kWaitingForQuota, Reason::kConcurrencyLimit), Reason::kConcurrencyLimit);
  EXPECT_EQ(MoreStructural(Reason::kBackingOff, Reason::kBackingOff), Reason::kBackingOff);
}

TEST(ReasonsDeathTest, EndsHaveNoOrder) {
  EXPECT_DEATH(MoreStructural(Reason::kSuspended, Reason::kTimeout), "only waiting reasons");
}

// COREFLOW_UPDATE=1 writes the page instead of comparing it; `make generate` runs that.
TEST(Reasons, ThePageInDocsIsUpToDate) {
  const std::string path = "docs/reasons.md";  // ctest runs in the root of the sources
  if (std::getenv("COREFLOW_UPDATE") != nullptr) std::ofstream(path) << ReasonsPage();
  std::ifstream file(path);
  std::stringstream have;
  have << file.rdbuf();
  EXPECT_EQ(have.str(), ReasonsPage()) << "run `make generate`";
}

}  // namespace
}  // namespace coreflow::api
