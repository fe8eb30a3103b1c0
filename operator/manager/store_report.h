#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>

#include "pkg/base/result.h"
#include "pkg/logging/log.h"
#include "pkg/metrics/store_metrics.h"
#include "pkg/store/observed_store.h"

namespace coreflow::manager {

// Counts what the store answers, and says in the log what is wrong with it: at most once a minute the same.
// Thread-safe.
class StoreReport {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  StoreReport(metrics::StoreMetrics& metrics, const logging::Log& log, Clock clock = &std::chrono::steady_clock::now);

  // As store::Tell.
  void Hear(store::Operation operation, const Error* error);

 private:
  bool IsTimeToSay(Code code);

  metrics::StoreMetrics& metrics_;
  const logging::Log log_;
  const Clock clock_;
  std::mutex mu_;
  std::map<Code, std::chrono::steady_clock::time_point> said_;  // guarded by mu_
};

}  // namespace coreflow::manager
