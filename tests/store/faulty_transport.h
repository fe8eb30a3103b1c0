#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "pkg/base/dice.h"
#include "pkg/http/transport.h"

namespace coreflow::store {

// How many of 1,000 requests meet what.
struct Faults {
  int cut_before = 0;   // never sent
  int cut_after = 0;    // sent, and the answer is lost
  int error_500 = 0;    // never sent
  int error_503 = 0;    // never sent; with Retry-After
  int wrong_bytes = 0;  // one byte of a GET's body is another
};

// A transport over another one, for which faults come between it and the server. Thread-safe.
class FaultyTransport : public http::Transport {
 public:
  FaultyTransport(std::unique_ptr<http::Transport> under, const Faults& faults, uint64_t seed)
      : faults_(faults), dice_(seed), under_(std::move(under)) {}

  std::shared_ptr<http::Cancel> Send(http::Request request, std::chrono::milliseconds deadline,
                                     Completion done) override;
  std::shared_ptr<http::Cancel> Stream(http::Request request, std::chrono::milliseconds idle,
                                       std::shared_ptr<http::Sink> sink, StreamEnd end) override {
    return under_->Stream(std::move(request), idle, std::move(sink), std::move(end));
  }

 private:
  enum class Fate { kWell, kCutBefore, kCutAfter, k500, k503, kWrongBytes };
  // No request fails three times in a row, so that six tries are enough.
  Fate Decide(const std::string& name);

  const Faults faults_;
  std::mutex mu_;
  Dice dice_;                          // guarded by mu_
  std::map<std::string, int> failed_;  // guarded by mu_; how often in a row, by method and target
  const std::unique_ptr<http::Transport> under_;
};

}  // namespace coreflow::store
