#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>

#include "pkg/base/result.h"
#include "pkg/http/transport.h"

namespace coreflow::http {

// Takes what one exchange brings: Head once, then Bytes, never two calls at once, and End once, whatever happened. An
// error from Head or Bytes ends the exchange with it.
class Receiver {
 public:
  virtual ~Receiver() = default;
  virtual Result<void> Head(Response head) = 0;
  virtual Result<void> Bytes(std::string_view bytes) = 0;
  virtual void End(Result<void> result) = 0;
};

// One request and its answer. The wire, the clock, the caller's Cancel and the transport's destructor may all want to
// end it, on different threads; the first one wins, and the receiver sees one orderly sequence. Thread-safe.
class Exchange {
 public:
  using Clock = std::chrono::steady_clock;

  // `closed` runs after the receiver's End.
  Exchange(std::unique_ptr<Receiver> receiver, std::function<void()> closed);

  // For the wire. False: the exchange has ended, send and read no more.
  bool Head(Response head);
  bool Bytes(std::string_view bytes);
  // What the wire wants called, once, if someone else ends the exchange: it is to drop the connection. Called at once
  // when that has happened already.
  void OnAbort(std::function<void()> abort);
  // The wire has ended by itself.
  void Close(Result<void> result);

  // Ends the exchange from outside.
  void Abort(Error error);

  // Sees the status of the answer before the receiver does. To be set before the wire starts.
  void OnStatus(std::function<void(int)> seen) { status_seen_ = std::move(seen); }

  bool ended() const;
  // When the silence began that lasts now; the current time while the receiver is being called.
  Clock::time_point SilentSince() const;

 private:
  bool Call(const std::function<Result<void>(Receiver&)>& step);
  void Complete();

  std::function<void(int)> status_seen_;  // constant once the wire has started

  mutable std::mutex mu_;
  std::unique_ptr<Receiver> receiver_;              // used by whoever set busy_, or by Complete()
  std::function<void()> closed_;                    // used by Complete()
  std::function<void()> abort_;                     // guarded by mu_
  bool busy_ = false;                               // guarded by mu_: the receiver is being called
  std::optional<Result<void>> ending_;              // guarded by mu_ until set, constant then
  Clock::time_point last_activity_ = Clock::now();  // guarded by mu_
};

}  // namespace coreflow::http
