#include "pkg/artifact/usage.h"

namespace coreflow::artifact {

json::Value ToJson(const Usage& usage) {
  return json::Object{{"cpuMilliseconds", usage.cpu_milliseconds}, {"peakMemoryBytes", usage.peak_memory_bytes}};
}

std::optional<Usage> ReadUsage(const json::Value& value) {
  const Usage usage{.cpu_milliseconds = value["cpuMilliseconds"].IntOr(-1),
                    .peak_memory_bytes = value["peakMemoryBytes"].IntOr(-1)};
  if (usage.cpu_milliseconds < 0 || usage.peak_memory_bytes < 0) return std::nullopt;
  return usage;
}

}  // namespace coreflow::artifact
