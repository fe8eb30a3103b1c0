#include "pkg/outbox/outbox.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <utility>

#include "pkg/base/loop.h"

namespace coreflow::outbox {

namespace {

bool MayHelp(int status) { return status == 429 || status == 502 || status == 503 || status == 504; }

}  // namespace

const char* FateName(Fate fate) {
  switch (fate) {
    case Fate::kSent: return "Sent";
    case Fate::kQueueFull: return "QueueFull";
    case Fate::kRefused: return "Refused";
    case Fate::kUnreachable: return "Unreachable";
  }
  return "";
}

class Outbox::Impl : public std::enable_shared_from_this<Outbox::Impl> {
 public:
  Impl(Loop& loop, http::Transport& transport, Options options)
      : loop_(loop), transport_(transport), options_(std::move(options)) {}

  void Put(json::Value item) {
    if (queue_.size() >= options_.most_queued) return Tell(Fate::kQueueFull, 1, "too much is waiting to be sent");
    if (queue_.empty()) since_ = loop_.Monotonic();
    queue_.push_back(std::move(item));
    Pump();
  }

  void Drain(Duration patience, std::function<void()> done) {
    drained_ = std::move(done);
    draining_ = true;
    Later(patience, [this] { SayDrained(); });
    Pump();
    SayIfDrained();
  }

  void Close() { closed_ = true; }

 private:
  struct Batch {
    std::vector<json::Value> items = {};
    int tries = 0;
    Duration wait = kFirstWait;
  };

  // Work that comes when nobody wants it any more is none.
  void Later(Duration delay, std::function<void()> work) {
    loop_.After(delay, [self = shared_from_this(), work = std::move(work)] {
      if (!self->closed_) work();
    });
  }

  void Pump() {
    while (!queue_.empty() && in_flight_ < options_.at_once) {
      const Duration left = since_ + options_.linger - loop_.Monotonic();
      if (!draining_ && queue_.size() < options_.batch && left > Duration(0)) return PumpLater(left);
      Batch batch;
      while (!queue_.empty() && batch.items.size() < options_.batch) {
        batch.items.push_back(std::move(queue_.front()));
        queue_.pop_front();
      }
      ++in_flight_;
      Send(std::move(batch));
    }
  }

  void PumpLater(Duration delay) {
    if (std::exchange(timer_set_, true)) return;
    Later(delay, [this] {
      timer_set_ = false;
      Pump();
    });
  }

  void Send(Batch batch) {
    ++batch.tries;
    http::Request request = options_.request(batch.items);
    transport_.Send(std::move(request), kDeadline,
                    [self = shared_from_this(), batch = std::move(batch)](Result<http::Response> answer) mutable {
                      self->loop_.Post([self, batch = std::move(batch), answer = std::move(answer)]() mutable {
                        if (!self->closed_) self->OnAnswer(std::move(batch), answer);
                      });
                    });
  }

  void OnAnswer(Batch batch, const Result<http::Response>& answer) {
    const auto items = static_cast<int64_t>(batch.items.size());
    if (answer && answer->status >= 200 && answer->status < 300) {
      const int64_t left_out = options_.left_out ? std::clamp<int64_t>(options_.left_out(*answer), 0, items) : 0;
      Tell(Fate::kSent, items - left_out, "");
      Tell(Fate::kRefused, left_out, "the receiver left some out");
      return End();
    }
    const bool may_help = answer ? MayHelp(answer->status) : answer.error().code == Code::kUnavailable;
    if (may_help && batch.tries < kTries && !draining_) {
      const Duration wait = std::exchange(batch.wait, batch.wait * 4);
      return Later(wait, [this, batch = std::move(batch)] { Send(batch); });
    }
    if (answer) {
      Tell(Fate::kRefused, items, fmt::format("answered {}", answer->status));
    } else {
      Tell(Fate::kUnreachable, items, answer.error().message);
    }
    End();
  }

  void End() {
    --in_flight_;
    Pump();
    SayIfDrained();
  }

  void Tell(Fate fate, int64_t items, const std::string& why) {
    if (items > 0 && options_.on_fate) options_.on_fate(fate, items, why);
  }

  void SayIfDrained() {
    if (draining_ && queue_.empty() && in_flight_ == 0) SayDrained();
  }

  void SayDrained() {
    if (auto done = std::exchange(drained_, nullptr)) done();
  }

  Loop& loop_;
  http::Transport& transport_;
  const Options options_;
  std::deque<json::Value> queue_;
  Duration since_ = {};   // when the queue was last empty
  size_t in_flight_ = 0;  // or waiting for another try
  bool timer_set_ = false;
  bool draining_ = false;
  bool closed_ = false;
  std::function<void()> drained_;
};

Outbox::Outbox(Loop& loop, http::Transport& transport, Options options)
    : impl_(std::make_shared<Impl>(loop, transport, std::move(options))) {}
Outbox::~Outbox() { impl_->Close(); }
void Outbox::Put(json::Value item) { impl_->Put(std::move(item)); }
void Outbox::Drain(Duration patience, std::function<void()> done) { impl_->Drain(patience, std::move(done)); }

}  // namespace coreflow::outbox
