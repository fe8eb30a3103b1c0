#pragma once

#include <mutex>
#include <string>

#include "pkg/metrics/registry.h"

namespace coreflow::metrics {

// The standard process_* metrics of this process, from /proc. Thread-safe.
class ProcessMetrics {
 public:
  // `proc` is the folder of the process in /proc, and `boot` the file with the time of boot.
  explicit ProcessMetrics(Registry& registry, std::string proc = "/proc/self", std::string boot = "/proc/stat");

  // Reads /proc again; call it before the registry's Text(). What cannot be read keeps its value.
  void Update();

 private:
  const std::string proc_;
  const std::string boot_;
  const Counter cpu_;
  const Gauge resident_;
  const Gauge virtual_;
  const Gauge start_;
  const Gauge open_files_;
  const Gauge max_files_;
  std::mutex mu_;  // one Update at a time: the counter is raised by what is new
};

}  // namespace coreflow::metrics
