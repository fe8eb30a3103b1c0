#include "pkg/kube/request_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace coreflow::kube {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using End = RequestQueue::End;
using Ticket = RequestQueue::Ticket;

// A queue whose tickets are counted from 1.
class RequestQueueTest : public testing::Test {
 protected:
  void Push(int count, Lane lane = Lane::kNormal, const std::string& slow_namespace = {}) {
    for (int i = 0; i < count; ++i) queue_.Push(++last_, lane, slow_namespace);
  }
  void PushPods(int count, const std::string& ns) { Push(count, Lane::kNormal, ns); }
  std::vector<Ticket> PopAll() {
    std::vector<Ticket> out;
    while (auto ticket = queue_.Pop()) out.push_back(*ticket);
    return out;
  }
  void Finish(std::vector<Ticket> tickets, End end = End::kGood) {
    for (Ticket ticket : tickets) queue_.Finish(ticket, end);
  }

  RequestQueue queue_{8};  // 7 of them for ordinary requests
  Ticket last_ = 0;
};

TEST_F(RequestQueueTest, RequestsGoInTheOrderTheyCame) {
  Push(3);
  EXPECT_THAT(PopAll(), ElementsAre(1, 2, 3));
  EXPECT_EQ(queue_.in_flight(), 3u);
  EXPECT_EQ(queue_.waiting(), 0u);
}

TEST_F(RequestQueueTest, NoMoreGoThanThereArePlaces) {
  Push(9);
  EXPECT_THAT(PopAll(), ElementsAre(1, 2, 3, 4, 5, 6, 7));
  EXPECT_EQ(queue_.waiting(), 2u);
  Finish({3});
  EXPECT_THAT(PopAll(), ElementsAre(8));
}

TEST_F(RequestQueueTest, ALeaseNeverWaits) {
  Push(20);
  PopAll();
  Push(2, Lane::kLease);
  EXPECT_THAT(PopAll(), ElementsAre(21, 22));
  Finish({21, 22});
  EXPECT_THAT(PopAll(), IsEmpty());  // a lease's place is nobody else's
}

TEST_F(RequestQueueTest, DeletesOvertakeTheOthersButKeepToThePlaces) {
  Push(8);
  PopAll();
  Push(2, Lane::kDelete);
  EXPECT_THAT(PopAll(), IsEmpty());
  Finish({1, 2});
  EXPECT_THAT(PopAll(), ElementsAre(9, 10));
  Finish({3});
  EXPECT_THAT(PopAll(), ElementsAre(8));
}

TEST_F(RequestQueueTest, ARequestThatEndsWhileItWaitsIsPassedOver) {
  Push(8);
  PopAll();
  Push(2);
  Finish({9}, End::kNeither);
  EXPECT_EQ(queue_.waiting(), 2u);
  Finish({1});
  EXPECT_THAT(PopAll(), ElementsAre(8));
  Finish({2});
  EXPECT_THAT(PopAll(), ElementsAre(10));
}

TEST_F(RequestQueueTest, ADenialSlowsItsNamespaceDownAndSuccessesOpenItAgain) {
  PushPods(1, "n");
  PopAll();
  Finish({1}, End::kDenied);
  PushPods(10, "n");
  EXPECT_THAT(PopAll(), ElementsAre(2));
  Finish({2});
  EXPECT_THAT(PopAll(), ElementsAre(3, 4));
  Finish({3, 4});
  EXPECT_THAT(PopAll(), ElementsAre(5, 6, 7, 8));
  Finish({5}, End::kDenied);
  EXPECT_THAT(PopAll(), IsEmpty());
  Finish({6, 7, 8}, End::kNeither);
  EXPECT_THAT(PopAll(), ElementsAre(9));
}

TEST_F(RequestQueueTest, OtherNamespacesAndOtherRequestsAreNotSlowedDown) {
  PushPods(1, "n");
  PopAll();
  Finish({1}, End::kDenied);
  PushPods(3, "n");  // 2 3 4
  PushPods(2, "m");  // 5 6
  Push(1);           // 7
  EXPECT_THAT(PopAll(), ElementsAre(2, 5, 6, 7));
}

TEST_F(RequestQueueTest, ANamespaceThatWorksAgainHasNoLimit) {
  PushPods(1, "n");
  PopAll();
  Finish({1}, End::kDenied);
  for (int i = 0; i < 7; ++i) {
    PushPods(1, "n");
    Finish(PopAll());
  }
  PushPods(9, "n");
  EXPECT_EQ(PopAll().size(), 7u);  // the places, not the slow start
}

TEST_F(RequestQueueTest, HeldRequestsGoBeforeLaterOnesAndCanEndWhileHeld) {
  PushPods(1, "n");
  PopAll();
  Finish({1}, End::kDenied);
  PushPods(4, "n");
  EXPECT_THAT(PopAll(), ElementsAre(2));
  Finish({3}, End::kNeither);
  PushPods(1, "n");
  Finish({2});
  EXPECT_THAT(PopAll(), ElementsAre(4, 5));
}

TEST_F(RequestQueueTest, ADenialAfterRequestsWereResumedKeepsTheirOrder) {
  PushPods(2, "n");
  PopAll();
  Finish({1}, End::kDenied);
  PushPods(6, "n");
  EXPECT_THAT(PopAll(), IsEmpty());  // 2 still runs
  Push(6);                           // 9…14 take the other places
  EXPECT_THAT(PopAll(), ElementsAre(9, 10, 11, 12, 13, 14));
  Push(1, Lane::kDelete);  // 15 takes the place that 2 leaves
  Finish({2});             // window 2: 3 and 4 are resumed, without a place yet
  EXPECT_THAT(PopAll(), ElementsAre(15));
  Finish({9});
  EXPECT_THAT(PopAll(), ElementsAre(3));
  Finish({3}, End::kDenied);
  EXPECT_THAT(PopAll(), ElementsAre(4));
  Finish({4, 10, 11});
  EXPECT_THAT(PopAll(), ElementsAre(5, 6));
}

TEST_F(RequestQueueTest, EveryRequestIsSentOnceWhateverHappens) {
  std::mt19937 random(7);
  std::vector<int> sent(2001);
  std::vector<Ticket> in_flight;
  for (int round = 0; round < 20000; ++round) {
    if (last_ < 2000 && random() % 3 == 0) {
      switch (random() % 4) {
        case 0: Push(1, random() % 2 == 0 ? Lane::kLease : Lane::kDelete); break;
        case 1: Push(1); break;
        default: PushPods(1, random() % 2 == 0 ? "n" : "m");
      }
    }
    for (Ticket ticket : PopAll()) {
      ++sent[ticket];
      in_flight.push_back(ticket);
    }
    if (!in_flight.empty()) {
      std::swap(in_flight[random() % in_flight.size()], in_flight.back());
      queue_.Finish(in_flight.back(), static_cast<End>(random() % 3));
      in_flight.pop_back();
    }
  }
  EXPECT_EQ(queue_.waiting(), 0u);
  EXPECT_EQ(queue_.in_flight(), 0u);
  for (Ticket ticket = 1; ticket <= last_; ++ticket) EXPECT_EQ(sent[ticket], 1) << ticket;
}

TEST(RequestQueue, KnowsTheLaneOfARequest) {
  auto verb = [](Verb verb, const Resource& resource) {
    return Request{.verb = verb, .resource = resource, .ns = "n"};
  };
  EXPECT_EQ(LaneOf(verb(Verb::kUpdate, kLeases)), Lane::kLease);
  EXPECT_EQ(LaneOf(verb(Verb::kDelete, kPods)), Lane::kDelete);
  EXPECT_EQ(LaneOf(verb(Verb::kDeleteCollection, kPods)), Lane::kDelete);
  EXPECT_EQ(LaneOf(verb(Verb::kCreate, kPods)), Lane::kNormal);
  EXPECT_EQ(SlowNamespaceOf(verb(Verb::kCreate, kPods)), "n");
  EXPECT_EQ(SlowNamespaceOf(verb(Verb::kPatch, kPods)), "");
  EXPECT_EQ(SlowNamespaceOf(verb(Verb::kCreate, kEvents)), "");
  Request trial = verb(Verb::kCreate, kPods);
  trial.dry_run = true;
  EXPECT_EQ(SlowNamespaceOf(trial), "");
}

}  // namespace
}  // namespace coreflow::kube
