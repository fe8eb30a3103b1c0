#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "pkg/base/time.h"
#include "pkg/http/transport.h"
#include "pkg/json/value.h"

namespace coreflow {
class Loop;
}

namespace coreflow::outbox {

// What became of an item.
enum class Fate {
  kSent,         // the receiver has taken it
  kQueueFull,    // too much was waiting already
  kRefused,      // the receiver does not want it
  kUnreachable,  // nobody answered, as often as it was tried
};
inline constexpr int kFates = 4;
// The constant's name without its k.
const char* FateName(Fate fate);

// Sends items by POST, some at a time, to one receiver. Never blocks and never grows: what comes while `most_queued`
// wait is dropped. A request is tried up to kTries times where another try may help (no answer; 429, 502, 503 and 504,
// as OpenTelemetry's protocol has it), then its items are dropped, too. Nothing outlives the process. On the loop's
// thread; loop and transport outlive it.
class Outbox {
 public:
  static constexpr int kTries = 3;
  static constexpr Duration kFirstWait = std::chrono::seconds(1);  // before the second try; then four times that
  static constexpr Duration kDeadline = std::chrono::seconds(10);  // of each try

  struct Options {
    // The request that carries these; at least one, at most `batch`.
    std::function<http::Request(const std::vector<json::Value>& items)> request = {};
    // How many of a request's items the receiver left out, by its answer 2xx. Empty: it takes all or none.
    std::function<int64_t(const http::Response& answer)> left_out = {};
    // Called once for each item, for several at a time. `why` is empty for what was sent.
    std::function<void(Fate fate, int64_t items, const std::string& why)> on_fate = {};
    size_t most_queued = 4096;
    size_t batch = 512;
    size_t at_once = 1;                         // requests
    Duration linger = std::chrono::seconds(1);  // how long an item waits for others to go with
  };

  Outbox(Loop& loop, http::Transport& transport, Options options);
  // What was not sent yet is lost.
  ~Outbox();
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  void Put(json::Value item);

  // Sends what waits without lingering and without a second try, and calls `done` when that is over or `patience` has
  // passed. Once; `done` is not called when this is destroyed before.
  void Drain(Duration patience, std::function<void()> done);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace coreflow::outbox
