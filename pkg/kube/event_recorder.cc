#include "pkg/kube/event_recorder.h"

#include <deque>
#include <utility>

#include "pkg/kube/event_series.h"

namespace coreflow::kube {
namespace {

constexpr Duration kFlush = std::chrono::minutes(1);
constexpr Duration kRetry = std::chrono::seconds(10);
constexpr int kMaxTries = 12;

bool MayPass(Code code) { return code == Code::kUnavailable || code == Code::kTooMany; }

}  // namespace

class EventRecorder::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(Loop& loop, Client& client, EventRecorderOptions options)
      : loop_(loop), client_(client), options_(std::move(options)) {}

  void Record(const Event& event);
  void Stop() { client_.Cancel(ticket_); }
  const EventCounts& counts() {
    counts_.dropped_spam = series_.spam();
    return counts_;
  }

 private:
  struct Queued {
    EventWrite write;
    bool make = false;  // else bring it up to date
    int tries = 0;
  };

  void Push(EventWrite write);
  void Flush();
  void SendFirst();
  void OnAnswer(const Answer& answer);
  Result<Request> RequestFor(const Queued& queued) const;

  // Runs `method` after `delay` unless the recorder is gone by then.
  void After(Duration delay, void (Impl::*method)()) {
    loop_.After(delay, [weak = weak_from_this(), method] {
      if (auto self = weak.lock()) ((*self).*method)();
    });
  }

  Loop& loop_;
  Client& client_;
  const EventRecorderOptions options_;
  EventSeries series_;
  std::deque<Queued> queue_;  // the first is being written
  Client::Ticket ticket_ = 0;
  bool flushing_ = false;
  EventCounts counts_;
};

void EventRecorder::Impl::Record(const Event& event) {
  if (auto write = series_.Happened(event, loop_.Monotonic(), loop_.Now())) Push(*std::move(write));
  if (!std::exchange(flushing_, true)) After(kFlush, &Impl::Flush);
}

void EventRecorder::Impl::Flush() {
  for (EventWrite& write : series_.Due(loop_.Monotonic())) Push(std::move(write));
  flushing_ = !series_.empty();
  if (flushing_) After(kFlush, &Impl::Flush);
}

void EventRecorder::Impl::Push(EventWrite write) {
  if (queue_.size() >= options_.max_queued) {
    ++counts_.dropped_full;
    return;
  }
  bool first = write.first();
  queue_.push_back({.write = std::move(write), .make = first});
  if (queue_.size() == 1) SendFirst();
}

Result<Request> EventRecorder::Impl::RequestFor(const Queued& queued) const {
  const EventWrite& write = queued.write;
  if (!queued.make) return Patch(kEvents, write.key, SeriesPatch(write.times), {.type = PatchType::kMerge});
  return Create(kEvents, write.key.ns, EventObject(write.key, write.event, write.times, options_.source));
}

void EventRecorder::Impl::SendFirst() {
  if (queue_.empty()) return;
  auto done = [weak = weak_from_this()](const Answer& answer) {
    if (auto self = weak.lock()) self->OnAnswer(answer);
  };
  auto request = RequestFor(queue_.front());
  if (!request) {  // the object has a name that no object can have
    loop_.Post([done, error = request.error()] { done(Answer{.error = ErrorWithoutAnswer(error)}); });
    return;
  }
  ticket_ = client_.Send(*std::move(request), done);
}

void EventRecorder::Impl::OnAnswer(const Answer& answer) {
  Queued& queued = queue_.front();
  Code code = answer.ok() ? Code::kAlreadyExists : answer.error->error.code;
  if (MayPass(code) && ++queued.tries < kMaxTries) return After(kRetry, &Impl::SendFirst);
  if (code == Code::kNotFound && !queued.make) {  // it has expired
    queued.make = true;
    return SendFirst();
  }
  // What exists already is our own, from a try whose answer was lost.
  ++(code == Code::kAlreadyExists ? counts_.written : counts_.dropped_error);
  queue_.pop_front();
  SendFirst();
}

EventRecorder::EventRecorder(Loop& loop, Client& client, EventRecorderOptions options)
    : impl_(std::make_shared<Impl>(loop, client, std::move(options))) {}

EventRecorder::~EventRecorder() { impl_->Stop(); }

void EventRecorder::Record(const Event& event) { impl_->Record(event); }

const EventCounts& EventRecorder::counts() const { return impl_->counts(); }

}  // namespace coreflow::kube
