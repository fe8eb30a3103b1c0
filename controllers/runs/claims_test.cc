#include "controllers/runs/claims.h"

#include <gtest/gtest.h>

#include <vector>

#include "pkg/engine/names.h"
#include "pkg/json/value.h"
#include "pkg/reactor/virtual_loop.h"
#include "pkg/simulation/cluster.h"

namespace coreflow::runs {
namespace {

using json::Object;
using json::Value;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr char kUs[] = "us/coreflow-operator";
constexpr char kThem[] = "them/coreflow-operator";

// The namespace `default`, in which only the test watches.
class ClaimsTest : public testing::Test {
 protected:
  Claims::Options Options() {
    return {.owner = kUs,
            .may_write = [this] { return may_write_; },
            .on_ours = [this](const std::string& ns) { told_.push_back("ours " + ns); },
            .on_anothers = [this](const std::string& ns,
                                  const std::string& owner) { told_.push_back(ns + " is of " + owner); },
            .on_changed_hands = [this](const std::string& ns) { told_.push_back("changed hands: " + ns); },
            .on_trouble = [this](const std::string& ns, const kube::ApiError&) { told_.push_back("trouble " + ns); }};
  }
  void Store(const std::string& holder) {
    const Object meta{{"name", engine::kClaimName}};
    ASSERT_TRUE(cluster_.Create(apiserver::Leases(), "default",
                                Object{{"metadata", meta}, {"spec", Object{{"holderIdentity", holder}}}}));
  }
  std::string Stored() {
    return cluster_.Get(apiserver::Leases(), "default", engine::kClaimName)["spec"]["holderIdentity"].StringOr("");
  }
  // What was told since this was last called.
  std::vector<std::string> Told() { return std::exchange(told_, {}); }

  using Words = std::vector<std::string>;

  reactor::VirtualLoop loop_;
  simulation::Cluster cluster_{loop_};
  std::unique_ptr<simulation::FaultyTransport> transport_ = cluster_.Connect();
  kube::Client client_{loop_, *transport_};
  bool may_write_ = true;
  std::vector<std::string> told_;
  Claims claims_{loop_, client_, Options()};
};

TEST_F(ClaimsTest, WhatNobodyHasIsClaimedWhenItIsWanted) {
  loop_.Advance(minutes(1));
  EXPECT_EQ(Stored(), "");
  EXPECT_FALSE(claims_.Owns("default"));
  loop_.Advance(seconds(1));
  EXPECT_EQ(Stored(), kUs);
  EXPECT_EQ(Told(), Words{"ours default"});
  EXPECT_TRUE(claims_.Owns("default"));
}

TEST_F(ClaimsTest, OursIsOursAtOnceAfterARestart) {
  claims_.Saw("default", kUs);
  EXPECT_TRUE(claims_.Owns("default"));
  EXPECT_EQ(Told(), Words{});
}

TEST_F(ClaimsTest, AnothersIsLeftAloneAndSaidOnce) {
  Store(kThem);
  claims_.Saw("default", kThem);
  EXPECT_FALSE(claims_.Owns("default"));
  EXPECT_FALSE(claims_.Owns("default"));
  EXPECT_EQ(claims_.OtherOwner("default"), kThem);
  loop_.Advance(minutes(5));
  EXPECT_EQ(Told(), Words{"default is of them/coreflow-operator"});
  EXPECT_EQ(Stored(), kThem);
}

TEST_F(ClaimsTest, AnotherWhoWasFasterHasIt) {
  EXPECT_FALSE(claims_.Owns("default"));
  Store(kThem);
  loop_.Advance(seconds(1));
  EXPECT_FALSE(claims_.Owns("default"));
  claims_.Saw("default", kThem);
  EXPECT_EQ(Told(), Words{"default is of them/coreflow-operator"});
  loop_.Advance(minutes(5));
  EXPECT_FALSE(claims_.Owns("default"));
}

TEST_F(ClaimsTest, AnAnswerThatIsLostIsMadeGoodByTheWatch) {
  Store(kUs);  // as the first try did
  EXPECT_FALSE(claims_.Owns("default"));
  loop_.Advance(seconds(1));
  EXPECT_FALSE(claims_.Owns("default"));
  claims_.Saw("default", kUs);
  EXPECT_EQ(Told(), Words{"ours default"});
  EXPECT_TRUE(claims_.Owns("default"));
}

TEST_F(ClaimsTest, OneThatGoesWhileWeTryIsTakenInTheEnd) {
  Store(kThem);
  EXPECT_FALSE(claims_.Owns("default"));
  loop_.Advance(seconds(1));
  ASSERT_FALSE(cluster_.Delete(apiserver::Leases(), "default", engine::kClaimName));
  loop_.Advance(minutes(1));
  EXPECT_EQ(Stored(), kUs);
  EXPECT_TRUE(claims_.Owns("default"));
}

TEST_F(ClaimsTest, OursThatIsDeletedIsMadeAgainForTheNextDecision) {
  claims_.Saw("default", kUs);
  ASSERT_TRUE(claims_.Owns("default"));
  claims_.Saw("default", std::nullopt);
  loop_.Advance(minutes(1));
  EXPECT_EQ(Stored(), "") << "whoever uninstalls has deleted it";
  EXPECT_FALSE(claims_.Owns("default"));
  loop_.Advance(seconds(1));
  EXPECT_EQ(Stored(), kUs);
  EXPECT_EQ(Told(), Words{"ours default"});
}

TEST_F(ClaimsTest, OneThatChangesHandsIsNobodysUntilAllBeginsAnew) {
  claims_.Saw("default", kThem);
  EXPECT_FALSE(claims_.Owns("default"));
  claims_.Saw("default", std::nullopt);
  EXPECT_EQ(Told(), (Words{"default is of them/coreflow-operator", "changed hands: default"}));
  EXPECT_FALSE(claims_.Owns("default"));
  loop_.Advance(minutes(1));
  EXPECT_EQ(Stored(), "");
  claims_.Saw("default", kUs);
  EXPECT_FALSE(claims_.Owns("default"));
  EXPECT_EQ(Told(), Words{});
}

TEST_F(ClaimsTest, OursThatIsTakenIsOursNoMore) {
  claims_.Saw("default", kUs);
  ASSERT_TRUE(claims_.Owns("default"));
  claims_.Saw("default", kThem);
  EXPECT_FALSE(claims_.Owns("default"));
  EXPECT_EQ(Told(), Words{"changed hands: default"});
}

TEST_F(ClaimsTest, OneThatIsForgottenIsClaimedLikeAnyOther) {
  claims_.Saw("default", kThem);
  EXPECT_FALSE(claims_.Owns("default"));
  claims_.Saw("default", std::nullopt);
  claims_.Forget("default");
  EXPECT_FALSE(claims_.Owns("default"));
  loop_.Advance(seconds(1));
  EXPECT_TRUE(claims_.Owns("default"));
}

TEST_F(ClaimsTest, OneThatWasAskedForWhileItWasLostIsClaimedOnceItIsForgotten) {
  claims_.Saw("default", kThem);
  EXPECT_FALSE(claims_.Owns("default"));
  claims_.Saw("default", std::nullopt);
  EXPECT_FALSE(claims_.Owns("default"));
  claims_.Forget("default");
  EXPECT_FALSE(claims_.Owns("default"));
  loop_.Advance(seconds(1));
  EXPECT_TRUE(claims_.Owns("default"));
}

TEST_F(ClaimsTest, WhatNobodyAskedForMayChangeHands) {
  claims_.Saw("default", kThem);
  claims_.Saw("default", std::nullopt);
  EXPECT_EQ(Told(), Words{});
  EXPECT_FALSE(claims_.Owns("default"));
  loop_.Advance(seconds(1));
  EXPECT_TRUE(claims_.Owns("default"));
}

TEST_F(ClaimsTest, ANamespaceThatIsGoneNeedsNoClaimForAWhile) {
  EXPECT_FALSE(claims_.Owns("gone"));
  loop_.Advance(seconds(1));
  EXPECT_EQ(Told(), Words{"ours gone"});
  EXPECT_TRUE(claims_.Owns("gone"));
  loop_.Advance(minutes(1));
  EXPECT_FALSE(claims_.Owns("gone")) << "there may be another of its name";
}

TEST_F(ClaimsTest, WhoLeadsNoMoreClaimsNothing) {
  may_write_ = false;
  EXPECT_FALSE(claims_.Owns("default"));
  loop_.Advance(minutes(5));
  EXPECT_EQ(Stored(), "");
}

TEST(Claims, WithoutAnOwnerEverythingIsOurs) {
  reactor::VirtualLoop loop;
  simulation::Cluster cluster(loop);
  auto transport = cluster.Connect();
  kube::Client client(loop, *transport);
  Claims claims(loop, client, {});
  EXPECT_TRUE(claims.Owns("default"));
}

}  // namespace
}  // namespace coreflow::runs
