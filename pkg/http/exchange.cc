#include "pkg/http/exchange.h"

#include <utility>

namespace coreflow::http {

Exchange::Exchange(std::unique_ptr<Receiver> receiver, std::function<void()> closed)
    : receiver_(std::move(receiver)), closed_(std::move(closed)) {}

bool Exchange::Head(Response head) {
  if (status_seen_) status_seen_(head.status);
  return Call([&](Receiver& receiver) { return receiver.Head(std::move(head)); });
}

bool Exchange::Bytes(std::string_view bytes) {
  return Call([&](Receiver& receiver) { return receiver.Bytes(bytes); });
}

bool Exchange::Call(const std::function<Result<void>(Receiver&)>& step) {
  {
    std::lock_guard lock(mu_);
    if (ending_) return false;
    busy_ = true;
  }
  Result<void> outcome = step(*receiver_);
  {
    std::lock_guard lock(mu_);
    busy_ = false;
    last_activity_ = Clock::now();
    if (!outcome && !ending_) ending_ = std::move(outcome);
    if (!ending_) return true;
  }
  Complete();
  return false;
}

void Exchange::OnAbort(std::function<void()> abort) {
  {
    std::lock_guard lock(mu_);
    if (!ending_) {
      abort_ = std::move(abort);
      return;
    }
  }
  abort();
}

void Exchange::Close(Result<void> result) {
  {
    std::lock_guard lock(mu_);
    if (ending_) return;
    ending_ = std::move(result);
    // A call under way completes the exchange on its way out, so that End stays the receiver's last call.
    if (busy_) return;
  }
  Complete();
}

void Exchange::Abort(Error error) {
  std::function<void()> abort;
  bool complete = false;
  {
    std::lock_guard lock(mu_);
    if (ending_) return;
    ending_ = std::move(error);
    abort.swap(abort_);
    complete = !busy_;
  }
  if (abort) abort();
  if (complete) Complete();
}

void Exchange::Complete() {
  receiver_->End(*ending_);
  receiver_.reset();
  std::function<void()> abort;  // destroyed without the lock: it holds the wire's things
  std::function<void()> closed;
  {
    std::lock_guard lock(mu_);
    abort.swap(abort_);
    closed.swap(closed_);
  }
  closed();
}

bool Exchange::ended() const {
  std::lock_guard lock(mu_);
  return ending_.has_value();
}

Exchange::Clock::time_point Exchange::SilentSince() const {
  std::lock_guard lock(mu_);
  return busy_ ? Clock::now() : last_activity_;
}

}  // namespace coreflow::http
