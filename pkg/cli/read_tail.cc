#include "pkg/cli/read_tail.h"

#include <memory>
#include <optional>
#include <utility>

#include "pkg/cli/waiter.h"

namespace coreflow::cli {

namespace {

constexpr Duration kSilence = std::chrono::seconds(30);

// Filled on the transport's thread; the end of the stream hands it over.
class TailSink : public http::Sink {
 public:
  explicit TailSink(size_t most) : most_(most) {}

  void OnHeaders(const http::Response&) override {}
  void OnBytes(std::string_view bytes) override {
    tail_.text += bytes;
    if (tail_.text.size() <= 2 * most_) return;
    Cut();
  }
  TextTail Take() {
    if (tail_.text.size() > most_) Cut();
    if (tail_.cut) {
      const size_t line = tail_.text.find('\n');
      tail_.text.erase(0, line == std::string::npos ? 0 : line + 1);
    }
    return std::move(tail_);
  }

 private:
  void Cut() {
    tail_.text.erase(0, tail_.text.size() - most_);
    tail_.cut = true;
  }

  const size_t most_;
  TextTail tail_;
};

}  // namespace

Result<TextTail> ReadTail(Session& session, const Result<kube::Request>& request, size_t most) {
  if (!request) return request.error();
  auto sink = std::make_shared<TailSink>(most);
  auto failed = std::make_shared<std::optional<kube::ApiError>>();
  Waiter waiter(session.environment());
  const kube::Client::Ticket ticket = session.client().Stream(
      *request, kSilence, sink, [failed, done = waiter.OnDone()](const std::optional<kube::ApiError>& error) {
        *failed = error;
        done();
      });
  if (waiter.Run() == WaitEnd::kInterrupted) {
    session.client().Cancel(ticket);
    return Error{.code = Code::kCancelled, .message = "interrupted"};
  }
  if (*failed) return session.Worded(*request, **failed);
  return sink->Take();
}

}  // namespace coreflow::cli
