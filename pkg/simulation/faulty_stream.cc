#include "pkg/apiserver/responses.h"
#include "pkg/json/line_sink.h"
#include "pkg/json/write.h"
#include "pkg/simulation/wire.h"

namespace coreflow::simulation {

namespace {

constexpr size_t kFramesAgain = 10;

Error Cut() { return Error{Code::kUnavailable, "connection reset"}; }

apiserver::WatchFrame ExpiredFrame() {
  const apiserver::Failure expired = apiserver::Expired("The resourceVersion for the provided watch is too old.");
  return {.type = apiserver::WatchFrame::Type::kError, .object = apiserver::ToStatus(expired)};
}

}  // namespace

void FakeStream::Start() {
  if (wire_->killed) return;
  const RequestFault fault = wire_->FaultOf(request_);
  if (wire_->faults) lag_ = wire_->faults->OnWatch(request_);
  wire_->open[this] = shared_from_this();
  last_bytes_ = wire_->loop.Monotonic();
  WatchIdle();
  deaf_ = wire_->cut_off;
  const Duration out = wire_->Latency() + fault.extra_latency;
  wire_->loop.After(out, [stream = shared_from_this(), fault] { stream->Arrive(fault); });
}

void FakeStream::Arrive(const RequestFault& fault) {
  if (Deaf()) return;
  if (wire_->server.down() || fault.fate == Fate::kLost || fault.fate == Fate::kAnswerLost) {
    return QueueEnd(Duration(0), Cut());
  }
  if (fault.fate != Fate::kServed || !apiserver::ApiServer::IsWatch(request_))
    return QueueAnswer(wire_->Serve(request_, fault));
  OpenWatch();
}

void FakeStream::OpenWatch() {
  const http::Response head{.status = 200, .headers = {{"content-type", "application/json"}}};
  Queue(Duration(0), [this, head] {
    if (!refused_) sink_->OnHeaders(head);
  });
  // The watch is owned by the stream, so what it calls does not own the stream.
  auto opened = wire_->server.Open(
      request_,
      [weak = weak_from_this()](apiserver::WatchFrame frame) {
        if (auto stream = weak.lock()) stream->Take(std::move(frame));
      },
      [weak = weak_from_this()](bool in_order) {
        auto stream = weak.lock();
        if (!stream) return;
        stream->ReleaseUpTo(stream->next_number_);
        stream->QueueEnd(Duration(0), in_order ? Result<void>() : Result<void>(Cut()));
      });
  if (opened) {
    watch_ = std::move(*opened);
  } else {
    refused_ = true;
    QueueAnswer(apiserver::FailureResponse(opened.failure()));
  }
}

void FakeStream::Take(apiserver::WatchFrame frame) {
  if (lag_.behind == 0) return Pass(frame);
  const uint64_t number = next_number_++;
  held_.emplace_back(number, std::move(frame));
  if (held_.size() > lag_.behind) ReleaseUpTo(held_.front().first);
  wire_->loop.After(lag_.hold, [weak = weak_from_this(), number] {
    if (auto stream = weak.lock()) stream->ReleaseUpTo(number);
  });
}

void FakeStream::ReleaseUpTo(uint64_t number) {
  while (!held_.empty() && held_.front().first <= number) {
    const apiserver::WatchFrame frame = std::move(held_.front().second);
    held_.pop_front();
    Pass(frame);
  }
}

void FakeStream::Pass(const apiserver::WatchFrame& frame) {
  if (muted_) return;
  const FrameFault fault = wire_->faults ? wire_->faults->OnFrame(request_) : FrameFault{};
  const Duration extra = fault.extra_latency;
  const apiserver::WatchFrame earlier = passed_.empty() ? frame : passed_[wire_->random.Below(passed_.size())];
  passed_.push_back(frame);
  if (passed_.size() > kFramesAgain) passed_.pop_front();
  switch (fault.kind) {
    case FrameFault::Kind::kDelivered: return QueueFrames(extra, {frame});
    case FrameFault::Kind::kTwice: return QueueFrames(extra, {frame, frame});
    case FrameFault::Kind::kCut: return QueueEnd(extra, Cut());
    case FrameFault::Kind::kEnded: return QueueEnd(extra, {});
    case FrameFault::Kind::kSilence: muted_ = true; return;
    case FrameFault::Kind::kBackwards: return QueueFrames(extra, {frame, earlier});
    case FrameFault::Kind::kDropped:
    case FrameFault::Kind::kExpired: QueueFrames(extra, {ExpiredFrame()}); return QueueEnd(Duration(0), {});
    case FrameFault::Kind::kTruncated:
      QueueBytes(extra, frame.Text().substr(0, frame.Text().size() / 2));
      return QueueEnd(Duration(0), Cut());
  }
}

void FakeStream::Queue(Duration extra, std::function<void()> step) {
  const Duration now = wire_->loop.Monotonic();
  queued_until_ = std::max(queued_until_, now + wire_->Latency() + extra);
  wire_->loop.After(queued_until_ - now, [stream = shared_from_this(), step = std::move(step)] {
    if (!stream->Deaf()) step();
  });
}

void FakeStream::QueueBytes(Duration extra, std::string bytes) {
  if (muted_) return;
  Queue(extra, [this, bytes = std::move(bytes)] {
    last_bytes_ = wire_->loop.Monotonic();
    sink_->OnBytes(bytes);
  });
}

// Where faults may come, they meet bytes, as on a wire.
void FakeStream::QueueFrames(Duration extra, std::vector<apiserver::WatchFrame> frames) {
  if (muted_) return;
  auto* lines_to = wire_->faults ? nullptr : dynamic_cast<json::LineSink*>(sink_.get());
  if (lines_to == nullptr) {
    std::string bytes;
    for (const apiserver::WatchFrame& frame : frames) bytes += frame.Text();
    return QueueBytes(extra, std::move(bytes));
  }
  std::vector<json::Value> lines;
  for (const apiserver::WatchFrame& frame : frames) lines.push_back(frame.Line());
  Queue(extra, [this, lines_to, lines = std::move(lines)] {
    last_bytes_ = wire_->loop.Monotonic();
    lines_to->OnLines(lines);
  });
}

void FakeStream::QueueAnswer(const http::Response& response) {
  Queue(Duration(0), [this, head = http::Response{response.status, response.headers, {}}] { sink_->OnHeaders(head); });
  QueueBytes(Duration(0), response.body);
  QueueEnd(Duration(0), {});
}

void FakeStream::QueueEnd(Duration extra, Result<void> result) {
  if (muted_) return;
  muted_ = true;
  Queue(extra, [this, result = std::move(result)] { Finish(result); });
}

void FakeStream::WatchIdle() {
  const Duration left = last_bytes_ + idle_ - wire_->loop.Monotonic();
  wire_->loop.After(left, [weak = weak_from_this()] {
    auto stream = weak.lock();
    if (!stream || stream->finished_ || stream->wire_->killed) return;
    const bool silent = stream->wire_->loop.Monotonic() - stream->last_bytes_ >= stream->idle_;
    if (!silent) return stream->WatchIdle();
    stream->Finish(Error{Code::kUnavailable, "no bytes for too long"});
  });
}

void FakeStream::Finish(Result<void> result) {
  if (finished_ || wire_->killed) return;
  finished_ = true;
  muted_ = true;
  watch_.reset();
  sink_.reset();
  const auto self = shared_from_this();
  wire_->open.erase(this);
  http::Transport::StreamEnd end = std::move(end_);
  end(std::move(result));
}

void FakeStream::Now() {
  wire_->loop.Post([stream = shared_from_this()] { stream->Finish(Error{Code::kCancelled, "cancelled"}); });
}

}  // namespace coreflow::simulation
