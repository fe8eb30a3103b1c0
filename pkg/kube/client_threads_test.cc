#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>

#include "pkg/kube/typed_informer.h"
#include "pkg/reactor/event_loop.h"

namespace coreflow::kube {
namespace {

constexpr int kFrames = 2000;

// A transport with a thread of its own, as the real one has: every list has one pod, and every watch shows kFrames
// versions of it before it ends.
class ThreadedTransport : public http::Transport {
 public:
  std::shared_ptr<http::Cancel> Send(http::Request request, Duration, Completion done) override {
    bool list = request.target.find("limit=") != std::string::npos;
    std::string body = list ? R"({"metadata":{"resourceVersion":"1"},"items":[)" + Pod(1) + "]}" : Pod(1);
    io_.Post([done, body] { done(http::Response{.status = 200, .body = body}); });
    return std::make_shared<NoCancel>();
  }
  std::shared_ptr<http::Cancel> Stream(http::Request, Duration, std::shared_ptr<http::Sink> sink,
                                       StreamEnd end) override {
    io_.Post([sink] { sink->OnHeaders(http::Response{.status = 200}); });
    for (int i = 1; i <= kFrames; ++i) {
      io_.Post([sink, i] { sink->OnBytes(R"({"type":"MODIFIED","object":)" + Pod(1 + i) + "}\n"); });
    }
    io_.Post([end] { end({}); });
    return std::make_shared<NoCancel>();
  }

 private:
  struct NoCancel : http::Cancel {
    void Now() override {}
  };
  static std::string Pod(int version) {
    return R"({"metadata":{"namespace":"n","name":"p","uid":"u","resourceVersion":")" + std::to_string(version) +
           R"("}})";
  }

  reactor::EventLoop io_;
  std::jthread thread_{[this](const std::stop_token& stop) { io_.Run(stop); }};
};

TEST(ClientThreads, AnInformerFollowsAWatchFromAnotherThread) {
  reactor::EventLoop loop;
  std::stop_source stop;
  ThreadedTransport transport;
  Client client(loop, transport);
  int told = 0;
  auto self = std::this_thread::get_id();
  TypedInformer<int> informer(
      loop, client, {.resource = kPods, .random = [] { return 0.5; }},
      [](const json::Value&) -> Result<int> { return 1; },
      {.on_upsert =
           [&](const ObjectKey&, const ObjectVersion&, std::shared_ptr<const int>) {
             EXPECT_EQ(std::this_thread::get_id(), self);
             if (++told == 1 + kFrames) stop.request_stop();
           },
       .on_delete = [](const ObjectKey&, const ObjectVersion&) { ADD_FAILURE() << "nothing is deleted"; },
       .on_synced = [] {}});
  informer.Start();
  loop.Run(stop.get_token());
  EXPECT_EQ(told, 1 + kFrames);
}

TEST(ClientThreads, RequestsEndOnTheLoopsThreadAlsoWhileTheClientGoes) {
  reactor::EventLoop loop;
  ThreadedTransport transport;
  auto self = std::this_thread::get_id();
  for (int round = 0; round < 50; ++round) {
    std::stop_source stop;
    auto client = std::make_unique<Client>(loop, transport);
    int ended = 0;
    for (int i = 0; i < 100; ++i) {
      client->Send(*Get(kPods, {"n", "p"}), [&](const Answer& answer) {
        EXPECT_TRUE(answer.ok());
        EXPECT_EQ(std::this_thread::get_id(), self);
        if (++ended == 90) stop.request_stop();
      });
    }
    loop.Run(stop.get_token());
    EXPECT_EQ(ended, 90);
  }
}

}  // namespace
}  // namespace coreflow::kube
