#include "pkg/kube/lease.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pkg/json/parse.h"
#include "pkg/json/write.h"
#include "pkg/kube/testing/scripted_transport.h"
#include "pkg/reactor/virtual_loop.h"

namespace coreflow::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

// A server with one Lease, guarded by its resourceVersion; `away` makes it silent.
class LeaseServer : public http::Transport {
 public:
  explicit LeaseServer(Loop& loop) : loop_(loop) {}

  std::shared_ptr<http::Cancel> Send(http::Request request, Duration deadline, Completion done) override {
    struct NoCancel : http::Cancel {
      void Now() override {}
    };
    if (away) {
      loop_.After(deadline, [done] { done(Error{Code::kUnavailable, "no answer"}); });
    } else {
      loop_.Post([this, request, done] { done(Answer(request)); });
    }
    return std::make_shared<NoCancel>();
  }
  std::shared_ptr<http::Cancel> Stream(http::Request, Duration, std::shared_ptr<http::Sink>, StreamEnd) override {
    ADD_FAILURE() << "nothing is watched here";
    return nullptr;
  }

  std::string holder() const { return lease["spec"]["holderIdentity"].StringOr("none"); }

  bool away = false;
  json::Value lease;

 private:
  http::Response Answer(const http::Request& request) {
    if (request.method == "GET") {
      if (lease.IsNull()) return {.status = 404};
      return {.status = 200, .body = json::Write(lease)};
    }
    json::Value sent = *json::Parse(request.body);
    bool current = sent["metadata"]["resourceVersion"] == lease["metadata"]["resourceVersion"];
    if (!current) return {.status = 409};
    json::Object metadata = sent["metadata"].Members();
    metadata["resourceVersion"] = std::to_string(++version_);
    json::Object stored = sent.Members();
    stored["metadata"] = std::move(metadata);
    lease = std::move(stored);
    return {.status = 200, .body = json::Write(lease)};
  }

  Loop& loop_;
  int version_ = 0;
};

// Electors of several processes, which tell what becomes of them: "a leads 1", "a lost".
class LeaderElectorTest : public testing::Test {
 protected:
  std::unique_ptr<LeaderElector> Elector(const std::string& name, Client& client) {
    return std::make_unique<LeaderElector>(
        loop_, client,
        LeaseOptions{
            .key = {"n", "l"},
            .identity = name,
            .random = [] { return 0.5; },
            .on_leading = [this, name](int64_t epoch) { told_.push_back(name + " leads " + std::to_string(epoch)); },
            .on_lost = [this, name] { told_.push_back(name + " lost"); },
            .on_trouble = [this](const ApiError& error) { trouble_.push_back(error.error.message); }});
  }

  reactor::VirtualLoop loop_;
  LeaseServer server_{loop_};
  Client client_{loop_, server_};
  std::vector<std::string> told_;
  std::vector<std::string> trouble_;
};

TEST_F(LeaderElectorTest, OneOfTwoLeadsAndGoesOnLeading) {
  auto a = Elector("a", client_);
  auto b = Elector("b", client_);
  a->Start();
  b->Start();
  loop_.Advance(std::chrono::minutes(10));
  EXPECT_THAT(told_, ElementsAre("a leads 1"));
  EXPECT_TRUE(a->leading());
  EXPECT_FALSE(b->leading());
  EXPECT_EQ(a->epoch(), 1);
  EXPECT_EQ(b->holder(), "a");
}

TEST_F(LeaderElectorTest, ALeaderThatDiesIsReplacedAfterTheLeasesDuration) {
  auto a = Elector("a", client_);
  auto b = Elector("b", client_);
  a->Start();
  b->Start();
  loop_.Advance(seconds(60));
  a.reset();
  loop_.Advance(seconds(13));
  EXPECT_THAT(told_, ElementsAre("a leads 1"));
  loop_.Advance(seconds(12));
  EXPECT_THAT(told_, ElementsAre("a leads 1", "b leads 2"));
}

TEST_F(LeaderElectorTest, ALeaderThatCantRenewStopsBeforeAnotherMayStart) {
  auto a = Elector("a", client_);
  a->Start();
  loop_.Advance(seconds(1));
  server_.away = true;
  loop_.Advance(milliseconds(8999));
  EXPECT_TRUE(a->leading());
  loop_.Advance(milliseconds(1));
  EXPECT_FALSE(a->leading());
  EXPECT_THAT(told_, ElementsAre("a leads 1", "a lost"));
  server_.away = false;
  loop_.Advance(seconds(30));
  EXPECT_THAT(told_, ElementsAre("a leads 1", "a lost", "a leads 2"));
}

TEST_F(LeaderElectorTest, TheWallClockDoesNotMatter) {
  auto a = Elector("a", client_);
  auto b = Elector("b", client_);
  a->Start();
  b->Start();
  for (int i = 0; i < 20; ++i) {
    loop_.JumpWallClock(i % 2 == 0 ? -std::chrono::hours(5) : std::chrono::hours(9));
    loop_.Advance(seconds(7));
  }
  EXPECT_THAT(told_, ElementsAre("a leads 1"));
}

TEST_F(LeaderElectorTest, AReleaseLetsAnotherInAtOnce) {
  auto a = Elector("a", client_);
  auto b = Elector("b", client_);
  a->Start();
  b->Start();
  loop_.Advance(seconds(60));
  bool released = false;
  a->Release([&] { released = true; });
  EXPECT_FALSE(a->leading());
  loop_.RunUntilIdle();
  EXPECT_TRUE(released);
  EXPECT_EQ(server_.holder(), "");
  loop_.Advance(seconds(5));
  EXPECT_THAT(told_, ElementsAre("a leads 1", "b leads 2"));
  a->Start();
  loop_.Advance(seconds(60));
  EXPECT_THAT(told_, ElementsAre("a leads 1", "b leads 2"));
}

TEST_F(LeaderElectorTest, AReleaseEndsEvenWhenTheServerIsAway) {
  auto a = Elector("a", client_);
  a->Start();
  loop_.Advance(seconds(1));
  server_.away = true;
  bool released = false;
  a->Release([&] { released = true; });
  loop_.Advance(seconds(20));
  EXPECT_TRUE(released);
  EXPECT_THAT(told_, ElementsAre("a leads 1"));
}

TEST_F(LeaderElectorTest, AReleaseOfWhatNeverStartedIsDone) {
  auto a = Elector("a", client_);
  bool released = false;
  a->Release([&] { released = true; });
  EXPECT_FALSE(released);  // never inside the call
  loop_.RunUntilIdle();
  EXPECT_TRUE(released);
}

TEST_F(LeaderElectorTest, CallbacksMayReleaseOrDestroy) {
  std::unique_ptr<LeaderElector> a;
  bool released = false;
  a = std::make_unique<LeaderElector>(loop_, client_,
                                      LeaseOptions{.key = {"n", "l"},
                                                   .identity = "a",
                                                   .random = [] { return 0.5; },
                                                   .on_leading =
                                                       [&](int64_t) {
                                                         a->Release([&] {
                                                           released = true;
                                                           a.reset();
                                                         });
                                                       },
                                                   .on_lost = [] {}});
  a->Start();
  loop_.Advance(seconds(1));
  EXPECT_TRUE(released);
  EXPECT_EQ(a, nullptr);
  EXPECT_EQ(server_.holder(), "");
}

TEST_F(LeaderElectorTest, ADeletedLeaseIsMadeAgainWithAHigherEpoch) {
  auto a = Elector("a", client_);
  a->Start();
  loop_.Advance(seconds(1));
  server_.lease = json::Value();
  loop_.Advance(seconds(30));
  EXPECT_THAT(told_, ElementsAre("a leads 1", "a lost", "a leads 2"));
}

TEST_F(LeaderElectorTest, AWrongNameIsReportedAndNothingElseHappens) {
  LeaderElector a(loop_, client_,
                  LeaseOptions{.key = {"n", "../l"},
                               .identity = "a",
                               .random = [] { return 0.5; },
                               .on_trouble = [&](const ApiError& error) { trouble_.push_back(error.error.message); }});
  a.Start();
  loop_.Advance(seconds(3));
  EXPECT_THAT(trouble_, ElementsAre(R"("../l" can't be a name)"));
  EXPECT_THAT(told_, IsEmpty());
}

}  // namespace
}  // namespace coreflow::kube
