#include "pkg/apiserver/local_transport.h"

#include <string>
#include <utility>

#include "pkg/apiserver/responses.h"
#include "pkg/json/line_sink.h"

namespace coreflow::apiserver {

namespace {

Error Cancelled() { return {.code = Code::kCancelled, .message = "cancelled"}; }

class Call : public http::Cancel, public std::enable_shared_from_this<Call> {
 public:
  Call(Loop& loop, http::Transport::Completion done) : loop_(loop), done_(std::move(done)) {}

  void Now() override { Finish(Cancelled()); }
  void Finish(Result<http::Response> result) {
    if (!done_) return;
    loop_.Post([done = std::exchange(done_, {}), result = std::move(result)]() mutable { done(std::move(result)); });
  }

 private:
  Loop& loop_;
  http::Transport::Completion done_;
};

// An answer in pieces, handed on once in a turn of the loop.
class LocalStream : public http::Cancel, public std::enable_shared_from_this<LocalStream> {
 public:
  LocalStream(Loop& loop, ApiServer& server, std::shared_ptr<http::Sink> sink, http::Transport::StreamEnd end,
              std::weak_ptr<std::set<std::shared_ptr<http::Cancel>>> open)
      : loop_(loop),
        server_(server),
        sink_(std::move(sink)),
        lines_to_(dynamic_cast<json::LineSink*>(sink_.get())),
        end_(std::move(end)),
        open_(std::move(open)) {}

  void Start(const http::Request& request) {
    if (ended_) return;
    if (!ApiServer::IsWatch(request)) return Answer(server_.Handle(request));
    auto opened = server_.Open(
        request,
        [weak = weak_from_this()](const WatchFrame& frame) {
          if (auto stream = weak.lock()) stream->Take(frame);
        },
        [weak = weak_from_this()](bool) {
          if (auto stream = weak.lock()) stream->EndWith({});
        });
    if (!opened) return Answer(FailureResponse(opened.failure()));
    watch_ = *std::move(opened);
    head_ = http::Response{.status = 200, .headers = {{"content-type", "application/json"}}};
    Flush();
  }
  void Now() override { EndWith(Cancelled()); }

 private:
  void Answer(http::Response response) {
    bytes_ = std::exchange(response.body, {});
    head_ = std::move(response);
    EndWith({});
  }
  void Take(const WatchFrame& frame) {
    if (lines_to_ != nullptr) {
      lines_.push_back(frame.Line());
    } else {
      bytes_ += frame.Text();
    }
    if (head_ || begun_) Flush();
  }
  void EndWith(Result<void> result) {
    if (ended_) return;
    ended_ = true;
    result_ = std::move(result);
    Flush();
  }
  void Flush() {
    if (std::exchange(posted_, true)) return;
    loop_.Post([self = shared_from_this()] { self->HandOn(); });
  }
  void HandOn() {
    posted_ = false;
    if (!end_) return;
    if (head_) {
      begun_ = true;
      sink_->OnHeaders(*std::exchange(head_, std::nullopt));
    }
    if (begun_ && !bytes_.empty()) sink_->OnBytes(std::exchange(bytes_, {}));
    if (begun_ && !lines_.empty()) lines_to_->OnLines(std::exchange(lines_, {}));
    if (!ended_ || !bytes_.empty() || !lines_.empty()) return;
    watch_.reset();
    if (auto open = open_.lock()) open->erase(shared_from_this());
    std::exchange(end_, {})(std::move(result_));
  }

  Loop& loop_;
  ApiServer& server_;
  const std::shared_ptr<http::Sink> sink_;
  json::LineSink* const lines_to_;  // the sink, where it takes lines
  http::Transport::StreamEnd end_;  // empty once it was called
  const std::weak_ptr<std::set<std::shared_ptr<http::Cancel>>> open_;
  std::shared_ptr<Watch> watch_;
  std::optional<http::Response> head_;
  std::string bytes_;               // of an answer, or of a watch whose sink takes no lines
  std::vector<json::Value> lines_;  // of a watch whose sink does
  Result<void> result_ = {};
  bool begun_ = false;
  bool ended_ = false;
  bool posted_ = false;
};

}  // namespace

std::shared_ptr<http::Cancel> LocalTransport::Send(http::Request request, std::chrono::milliseconds, Completion done) {
  auto call = std::make_shared<Call>(loop_, std::move(done));
  loop_.Post([call, request = std::move(request), &server = server_] { call->Finish(server.Handle(request)); });
  return call;
}

std::shared_ptr<http::Cancel> LocalTransport::Stream(http::Request request, std::chrono::milliseconds,
                                                     std::shared_ptr<http::Sink> sink, StreamEnd end) {
  auto stream = std::make_shared<LocalStream>(loop_, server_, std::move(sink), std::move(end), open_);
  open_->insert(stream);
  loop_.Post([stream, request = std::move(request)] { stream->Start(request); });
  return stream;
}

}  // namespace coreflow::apiserver
