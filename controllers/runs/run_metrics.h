#pragma once

#include <map>
#include <memory>
#include <string>

#include "pkg/base/time.h"
#include "pkg/engine/owner.h"
#include "pkg/metrics/operator_metrics.h"

namespace coreflow::runs {

// Tells the metrics how each run stands, after every decision about it. On the loop's thread; metrics outlive it.
class RunMetrics {
 public:
  explicit RunMetrics(metrics::OperatorMetrics& metrics) : metrics_(metrics) {}

  // `object`: as last seen; null when that is not known.
  void Show(engine::Owner& owner, const engine::ObjectView* object, Time now);
  void Forget(const std::string& uid) { runs_.erase(uid); }

 private:
  struct Shown {
    std::unique_ptr<metrics::TrackedRun> gauges;
    std::string declared_name = {};
    int32_t finished_run = 0;  // the last one that was counted as finished
    int32_t seen_running = 0;  // the last one that was seen while it went on
    uint64_t changes = 0;      // of the run, when its load was last taken
    Time shown_at = {};        // when the load was last taken
  };

  void ShowEnd(const engine::Owner& owner, Shown& shown);
  void ShowLoad(const engine::Owner& owner, const metrics::StepLoad& load, Time now, Shown& shown);

  metrics::OperatorMetrics& metrics_;
  std::map<std::string, Shown> runs_;  // by UID
};

}  // namespace coreflow::runs
