#include "pkg/kube/testing/scripted_transport.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "pkg/json/write.h"

namespace coreflow::kube {

Reply StatusReply(int status, const std::string& reason, const std::string& message) {
  return {.status = status,
          .body = R"({"kind":"Status","code":)" + std::to_string(status) + R"(,"reason":)" + json::Quote(reason) +
                  R"(,"message":)" + json::Quote(message) + "}"};
}

Reply Unanswered() { return {.failure = Error{.code = Code::kUnavailable, .message = "connection refused"}}; }

class ScriptedTransport::Exchange : public http::Cancel, public std::enable_shared_from_this<Exchange> {
 public:
  Exchange(Loop& loop, Completion done) : loop_(loop), done_(std::move(done)) {}

  void End(Duration after, Result<http::Response> result) {
    loop_.After(after, [self = shared_from_this(), result = std::move(result)] {
      if (auto done = std::exchange(self->done_, {})) done(result);
    });
  }
  void Now() override { End(Duration(0), Error{.code = Code::kCancelled, .message = "cancelled"}); }
  bool open() const { return static_cast<bool>(done_); }

 private:
  Loop& loop_;
  Completion done_;
};

class ScriptedTransport::Streaming : public http::Cancel, public std::enable_shared_from_this<Streaming> {
 public:
  Streaming(Loop& loop, Duration idle, std::shared_ptr<http::Sink> sink, StreamEnd end)
      : loop_(loop), idle_(idle), sink_(std::move(sink)), end_(std::move(end)) {}

  void Head(http::Response head) {
    InOrder([this, head = std::move(head)] { sink_->OnHeaders(head); });
  }
  void Write(std::string bytes) {
    InOrder([this, bytes = std::move(bytes)] { sink_->OnBytes(bytes); });
  }
  void End(Result<void> result) {
    InOrder([this, result = std::move(result)] { std::exchange(end_, {})(result); });
  }
  void Now() override { End(Error{.code = Code::kCancelled, .message = "cancelled"}); }
  bool open() const { return static_cast<bool>(end_); }

 private:
  void InOrder(std::function<void()> step) {
    int heard = ++heard_;
    loop_.Post([self = shared_from_this(), step = std::move(step)] {
      if (self->end_) step();
    });
    loop_.After(idle_, [self = shared_from_this(), heard] {
      if (self->heard_ == heard) self->End(Error{.code = Code::kUnavailable, .message = "nothing heard for too long"});
    });
  }

  Loop& loop_;
  Duration idle_;
  std::shared_ptr<http::Sink> sink_;
  StreamEnd end_;
  int heard_ = 0;
};

Reply ScriptedTransport::ReplyTo(const http::Request& request) {
  std::string seen = request.method + " " + request.target;
  requests_.push_back(request);
  seen_.push_back(seen);
  auto knows = [&](const Line& line) { return seen.find(line.words) != std::string::npos; };
  if (auto line = std::find_if(once_.begin(), once_.end(), knows); line != once_.end()) {
    Reply reply = line->reply;
    once_.erase(line);
    return reply;
  }
  if (auto line = std::find_if(always_.begin(), always_.end(), knows); line != always_.end()) return line->reply;
  ADD_FAILURE() << "not in the script: " << seen;
  return Unanswered();
}

std::shared_ptr<http::Cancel> ScriptedTransport::Send(http::Request request, Duration deadline, Completion done) {
  Reply reply = ReplyTo(request);
  auto exchange = std::make_shared<Exchange>(loop_, std::move(done));
  exchanges_.push_back(exchange);
  exchange->End(deadline, Error{.code = Code::kUnavailable, .message = "no answer in time"});
  if (reply.failure) {
    exchange->End(reply.after, *reply.failure);
  } else if (!reply.never) {
    exchange->End(reply.after, http::Response{.status = reply.status, .headers = reply.headers, .body = reply.body});
  }
  return exchange;
}

std::shared_ptr<http::Cancel> ScriptedTransport::Stream(http::Request request, Duration idle,
                                                        std::shared_ptr<http::Sink> sink, StreamEnd end) {
  Reply reply = ReplyTo(request);
  stream_ = std::make_shared<Streaming>(loop_, idle, std::move(sink), std::move(end));
  if (reply.failure) {
    stream_->End(*reply.failure);
  } else if (!reply.never) {
    stream_->Head(http::Response{.status = reply.status, .headers = reply.headers});
    if (reply.body != "{}") stream_->Write(reply.body);
    if (reply.status >= 300) stream_->End({});
  }
  return stream_;
}

void ScriptedTransport::Write(const std::string& bytes) { stream_->Write(bytes); }
void ScriptedTransport::EndStream() { stream_->End({}); }
void ScriptedTransport::CutStream() { stream_->End(Error{.code = Code::kUnavailable, .message = "connection reset"}); }
bool ScriptedTransport::streaming() const { return stream_ != nullptr && stream_->open(); }

int ScriptedTransport::open() const {
  return static_cast<int>(std::count_if(exchanges_.begin(), exchanges_.end(), [](const auto& weak) {
    auto exchange = weak.lock();
    return exchange && exchange->open();
  }));
}

}  // namespace coreflow::kube
