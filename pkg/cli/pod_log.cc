#include "pkg/cli/pod_log.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "pkg/cli/waiter.h"
#include "pkg/engine/pod_view.h"
#include "pkg/kube/target.h"

namespace coreflow::cli {

namespace {

// As roles name it.
constexpr kube::Resource kPodLogs{.version = "v1", .plural = "pods/log", .kind = "Pod"};

constexpr size_t kLongestLine = size_t{1} << 20;
// A container may have nothing to say for as long as it likes.
constexpr Duration kSilence = std::chrono::hours(24 * 365);

Result<kube::Request> LogRequest(const kube::ObjectKey& pod, const LogOptions& options) {
  TRY(kube::Target target, kube::Target::Object(kube::kPods, pod, "log"));
  target.Query("container", engine::kMainContainer).Query("follow", options.follow ? "true" : "");
  if (options.tail) target.Query("tailLines", std::to_string(*options.tail));
  if (options.since) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*options.since).count();
    target.Query("sinceSeconds", std::to_string(std::max<int64_t>(1, seconds)));
  }
  return kube::Request{.verb = kube::Verb::kGet,
                       .resource = kPodLogs,
                       .ns = pod.ns,
                       .http = {.method = "GET", .target = target.text(), .headers = {{"Accept", "*/*"}}}};
}

// Cuts bytes into lines on the transport's thread, and hands them over to the loop.
class LineSink : public http::Sink {
 public:
  LineSink(Loop& loop, std::function<void(std::string_view)> on_line) : loop_(loop), on_line_(std::move(on_line)) {}

  void OnHeaders(const http::Response&) override {}
  void OnBytes(std::string_view bytes) override {
    std::vector<std::string> lines;
    while (!bytes.empty()) {
      const size_t end = bytes.find('\n');
      rest_ += bytes.substr(0, end);
      if (end == std::string_view::npos && rest_.size() < kLongestLine) break;
      lines.push_back(std::exchange(rest_, {}));
      bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    }
    if (!lines.empty()) Hand(std::move(lines));
  }
  // After the last byte: a line without an end.
  void Finish() {
    if (!rest_.empty()) Hand({std::exchange(rest_, {})});
  }

 private:
  void Hand(std::vector<std::string> lines) {
    loop_.Post([on_line = on_line_, lines = std::move(lines)] {
      for (const std::string& line : lines) on_line(line);
    });
  }

  Loop& loop_;
  const std::function<void(std::string_view)> on_line_;
  std::string rest_;
};

}  // namespace

Result<kube::Client::Ticket> StreamLog(Session& session, const kube::ObjectKey& pod, const LogOptions& options,
                                       std::function<void(std::string_view line)> on_line,
                                       std::function<void(const std::optional<Error>& error)> on_end) {
  TRY(kube::Request request, LogRequest(pod, options));
  Loop& loop = session.environment().loop;
  auto sink = std::make_shared<LineSink>(loop, std::move(on_line));
  return session.client().Stream(
      request, kSilence, sink,
      [&session, &loop, request, sink, on_end = std::move(on_end)](const std::optional<kube::ApiError>& error) {
        if (!error) sink->Finish();
        std::optional<Error> worded;
        if (error) worded = session.Worded(request, *error);
        loop.Post([on_end, worded] { on_end(worded); });
      });
}

Result<std::vector<std::string>> ReadLog(Session& session, const kube::ObjectKey& pod, const LogOptions& options) {
  struct Read {
    std::vector<std::string> lines = {};
    std::optional<Error> error = {};
  };
  auto read = std::make_shared<Read>();
  Waiter waiter(session.environment());
  TRY(const kube::Client::Ticket ticket,
      StreamLog(
          session, pod, options, [read](std::string_view line) { read->lines.emplace_back(line); },
          [read, done = waiter.OnDone()](const std::optional<Error>& error) {
            read->error = error;
            done();
          }));
  if (waiter.Run() == WaitEnd::kInterrupted) {
    session.client().Cancel(ticket);
    return Error{.code = Code::kCancelled, .message = "interrupted"};
  }
  if (read->error) return *read->error;
  return std::move(read->lines);
}

}  // namespace coreflow::cli
