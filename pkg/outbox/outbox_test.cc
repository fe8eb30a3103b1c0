#include "pkg/outbox/outbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "pkg/reactor/virtual_loop.h"

namespace coreflow::outbox {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A receiver in memory: answers as it was told, or, with nothing told, keeps silent until it is.
class Receiver : public http::Transport {
 public:
  std::shared_ptr<http::Cancel> Send(http::Request request, std::chrono::milliseconds, Completion done) override {
    seen.push_back(std::move(request.body));
    waiting.push_back(std::move(done));
    return nullptr;
  }
  std::shared_ptr<http::Cancel> Stream(http::Request, std::chrono::milliseconds, std::shared_ptr<http::Sink>,
                                       StreamEnd) override {
    return nullptr;
  }

  void Answer(Result<http::Response> answer) {
    Completion done = std::move(waiting.front());
    waiting.pop_front();
    done(std::move(answer));
  }

  std::vector<std::string> seen;
  std::deque<Completion> waiting;
};

Error NoAnswer() { return {.code = Code::kUnavailable, .message = "refused"}; }

class OutboxTest : public testing::Test {
 protected:
  // Items are numbers, and a request's body lists them.
  Outbox& Start(Outbox::Options options) {
    options.request = [](const std::vector<json::Value>& items) {
      http::Request request{.method = "POST"};
      for (const json::Value& item : items) request.body += std::to_string(item.AsInt()) + " ";
      return request;
    };
    options.on_fate = [this](Fate fate, int64_t items, const std::string& why) {
      fates_[FateName(fate)] += items;
      if (!why.empty()) why_ = why;
    };
    return outbox_.emplace(loop_, receiver_, std::move(options));
  }

  void Put(int first, int last) {
    for (int i = first; i <= last; ++i) outbox_->Put(i);
  }
  void Answer(Result<http::Response> answer) {
    receiver_.Answer(std::move(answer));
    loop_.RunUntilIdle();
  }
  void Answer(int status) { Answer(http::Response{.status = status}); }

  reactor::VirtualLoop loop_;
  Receiver receiver_;
  std::optional<Outbox> outbox_;
  std::map<std::string, int64_t> fates_;
  std::string why_;
};

TEST_F(OutboxTest, ItemsGoTogetherAfterTheyHaveLingered) {
  Start({.batch = 10, .linger = std::chrono::seconds(1)});
  Put(1, 1);
  loop_.Advance(std::chrono::milliseconds(500));
  Put(2, 3);
  EXPECT_THAT(receiver_.seen, IsEmpty());
  loop_.Advance(std::chrono::milliseconds(500));
  EXPECT_THAT(receiver_.seen, ElementsAre("1 2 3 "));
  Answer(200);
  EXPECT_THAT(fates_, ElementsAre(std::pair("Sent", 3)));
}

TEST_F(OutboxTest, AFullBatchDoesNotLinger) {
  Start({.batch = 2, .linger = std::chrono::seconds(1)});
  Put(1, 3);
  EXPECT_THAT(receiver_.seen, ElementsAre("1 2 "));
  Answer(200);
  loop_.Advance(std::chrono::seconds(1));
  EXPECT_THAT(receiver_.seen, ElementsAre("1 2 ", "3 "));
}

TEST_F(OutboxTest, NoMoreRequestsThanAllowedAreOnTheirWay) {
  Start({.batch = 1, .at_once = 2, .linger = Duration(0)});
  Put(1, 3);
  EXPECT_THAT(receiver_.seen, ElementsAre("1 ", "2 "));
  Answer(200);
  EXPECT_THAT(receiver_.seen, ElementsAre("1 ", "2 ", "3 "));
}

TEST_F(OutboxTest, WhatComesToAFullQueueIsDroppedAndCounted) {
  Start({.most_queued = 2, .batch = 1, .linger = Duration(0)});
  Put(1, 5);  // one on its way, two waiting
  EXPECT_THAT(fates_, ElementsAre(std::pair("QueueFull", 2)));
  for (int i = 0; i < 3; ++i) Answer(200);
  EXPECT_THAT(receiver_.seen, ElementsAre("1 ", "2 ", "3 "));
  EXPECT_EQ(fates_["Sent"], 3);
}

TEST_F(OutboxTest, ATryThatMayHelpIsMadeThreeTimesAndNoMore) {
  const std::vector<Result<http::Response>> answers = {NoAnswer(), http::Response{.status = 429},
                                                       http::Response{.status = 502}, http::Response{.status = 503},
                                                       http::Response{.status = 504}};
  for (const auto& answer : answers) {
    receiver_.seen.clear();
    fates_.clear();
    Start({.linger = Duration(0)});
    Put(1, 1);
    Answer(answer);
    EXPECT_EQ(receiver_.seen.size(), 1U) << "not at once";
    loop_.Advance(Outbox::kFirstWait);
    EXPECT_EQ(receiver_.seen.size(), 2U);
    Answer(answer);
    loop_.Advance(Outbox::kFirstWait * 4);
    ASSERT_EQ(receiver_.seen.size(), 3U);
    EXPECT_THAT(fates_, IsEmpty());
    Answer(answer);
    loop_.Advance(std::chrono::hours(1));
    EXPECT_EQ(receiver_.seen.size(), 3U);
    EXPECT_THAT(fates_, ElementsAre(std::pair(answer ? "Refused" : "Unreachable", 1)));
  }
}

TEST_F(OutboxTest, WhatAnotherTrySendsIsSent) {
  Start({.linger = Duration(0)});
  Put(1, 1);
  Answer(503);
  loop_.Advance(Outbox::kFirstWait);
  Answer(202);
  EXPECT_THAT(receiver_.seen, ElementsAre("1 ", "1 "));
  EXPECT_THAT(fates_, ElementsAre(std::pair("Sent", 1)));
}

TEST_F(OutboxTest, WhatIsRefusedIsNotTriedAgain) {
  Start({.linger = Duration(0)});
  Put(1, 1);
  Answer(400);
  loop_.Advance(std::chrono::hours(1));
  EXPECT_EQ(receiver_.seen.size(), 1U);
  EXPECT_THAT(fates_, ElementsAre(std::pair("Refused", 1)));
  EXPECT_EQ(why_, "answered 400");
}

TEST_F(OutboxTest, WhatTheReceiverLeftOutIsNotSent) {
  Start({.left_out = [](const http::Response& answer) { return static_cast<int64_t>(answer.body.size()); },
         .batch = 3,
         .linger = Duration(0)});
  Put(1, 1);
  Answer(http::Response{.status = 200, .body = "more than there were"});
  EXPECT_THAT(fates_, ElementsAre(std::pair("Refused", 1)));
}

TEST_F(OutboxTest, DrainingSendsWhatLingersAndWaitsForTheAnswers) {
  bool drained = false;
  Start({.batch = 2, .linger = std::chrono::hours(1)});
  Put(1, 1);
  outbox_->Drain(std::chrono::seconds(5), [&] { drained = true; });
  EXPECT_THAT(receiver_.seen, ElementsAre("1 "));
  EXPECT_FALSE(drained);
  Answer(NoAnswer());
  EXPECT_TRUE(drained) << "without another try";
}

TEST_F(OutboxTest, DrainingWaitsNoLongerThanItMay) {
  int drained = 0;
  Start({.linger = Duration(0)});
  Put(1, 1);
  outbox_->Drain(std::chrono::seconds(5), [&] { ++drained; });
  loop_.Advance(std::chrono::seconds(4));
  EXPECT_EQ(drained, 0);
  loop_.Advance(std::chrono::seconds(1));
  EXPECT_EQ(drained, 1);
  Answer(200);
  EXPECT_EQ(drained, 1);
}

TEST_F(OutboxTest, WithNothingToSendDrainingIsOver) {
  bool drained = false;
  Start({}).Drain(std::chrono::seconds(5), [&] { drained = true; });
  EXPECT_TRUE(drained);
}

TEST_F(OutboxTest, AnAnswerThatComesTooLateIsNobodys) {
  Start({.linger = Duration(0)});
  Put(1, 1);
  outbox_.reset();
  Answer(200);
  loop_.Advance(std::chrono::hours(1));
  EXPECT_THAT(fates_, IsEmpty());
}

}  // namespace
}  // namespace coreflow::outbox
