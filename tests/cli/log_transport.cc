#include "tests/cli/log_transport.h"

#include <algorithm>
#include <utility>

namespace coreflow::cli {

// Sends what is new of a log every half second, until its container has ended.
class LogTransport::Tail : public http::Cancel, public std::enable_shared_from_this<Tail> {
 public:
  Tail(Loop& loop, std::function<PodLogAnswer()> ask, bool follow, std::shared_ptr<http::Sink> sink, StreamEnd end)
      : loop_(loop), ask_(std::move(ask)), follow_(follow), sink_(std::move(sink)), end_(std::move(end)) {}

  void Step() {
    if (!end_) return;
    const PodLogAnswer answer = ask_();
    if (!started_) sink_->OnHeaders({.status = answer.status});
    started_ = true;
    if (answer.text.size() > sent_) sink_->OnBytes(std::string_view(answer.text).substr(sent_));
    sent_ = answer.text.size();
    if (answer.ended || !follow_) return std::exchange(end_, nullptr)({});
    loop_.After(std::chrono::milliseconds(500), [self = shared_from_this()] { self->Step(); });
  }
  void Now() override {
    loop_.Post([self = shared_from_this()] {
      if (self->end_) std::exchange(self->end_, nullptr)(Error{.code = Code::kCancelled, .message = "cancelled"});
    });
  }

 private:
  Loop& loop_;
  const std::function<PodLogAnswer()> ask_;
  const bool follow_;
  const std::shared_ptr<http::Sink> sink_;
  StreamEnd end_;
  bool started_ = false;
  size_t sent_ = 0;
};

std::shared_ptr<http::Cancel> LogTransport::Send(http::Request request, std::chrono::milliseconds deadline,
                                                 Completion done) {
  if (denies_(request.target)) {
    loop_.After(std::chrono::milliseconds(2), [done] {
      done(http::Response{.status = 403,
                          .body = R"({"kind":"Status","status":"Failure","code":403,"reason":"Forbidden",)"
                                  R"("message":"User \"jane\" can't"})"});
    });
    return cluster_->Send({.target = "/nothing"}, deadline, [](const Result<http::Response>&) {});
  }
  if (const auto answer = services_(request)) {
    loop_.After(std::chrono::milliseconds(2), [done, answer] { done(*answer); });
    return cluster_->Send({.target = "/nothing"}, deadline, [](const Result<http::Response>&) {});
  }
  const auto type = std::ranges::find(request.headers, "Content-Type", &std::pair<std::string, std::string>::first);
  if (type == request.headers.end() || type->second != "application/apply-patch+yaml") {
    return cluster_->Send(std::move(request), deadline, std::move(done));
  }
  type->second = "application/merge-patch+json";
  return cluster_->Send(request, deadline, [this, request, deadline, done](Result<http::Response> response) mutable {
    if (!response || response->status != 404) return done(std::move(response));
    const size_t query = std::min(request.target.find('?'), request.target.size());
    request.target.erase(request.target.rfind('/', query), query - request.target.rfind('/', query));
    request.method = "POST";
    std::ranges::find(request.headers, "Content-Type", &std::pair<std::string, std::string>::first)->second =
        "application/json";
    cluster_->Send(std::move(request), deadline, std::move(done));
  });
}

std::shared_ptr<http::Cancel> LogTransport::Stream(http::Request request, std::chrono::milliseconds idle,
                                                   std::shared_ptr<http::Sink> sink, StreamEnd end) {
  if (const auto answer = services_(request)) {
    auto tail = std::make_shared<Tail>(
        loop_, [answer] { return PodLogAnswer{.status = answer->status, .text = answer->body}; }, false,
        std::move(sink), std::move(end));
    loop_.After(std::chrono::milliseconds(2), [tail] { tail->Step(); });
    return tail;
  }
  const size_t mark = request.target.find("/log?");
  if (mark == std::string::npos) return cluster_->Stream(std::move(request), idle, std::move(sink), std::move(end));
  const size_t name = request.target.rfind('/', mark - 1) + 1;
  const std::string pod = request.target.substr(name, mark - name);
  const std::string query = request.target.substr(mark + 5);
  auto tail = std::make_shared<Tail>(
      loop_, [logs = logs_, pod, query] { return logs(pod, query); }, query.find("follow=true") != std::string::npos,
      std::move(sink), std::move(end));
  loop_.After(std::chrono::milliseconds(2), [tail] { tail->Step(); });
  return tail;
}

}  // namespace coreflow::cli
