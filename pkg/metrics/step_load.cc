#include "pkg/metrics/step_load.h"

#include "pkg/base/check.h"

namespace coreflow::metrics {

void Demand::Add(const Demand& other, int64_t times) {
  millicores += other.millicores * times;
  memory_bytes += other.memory_bytes * times;
  gpus += other.gpus * times;
}

void StepLoad::AddWaiting(api::Reason reason, const Demand& of_one, int64_t steps) {
  CHECK(api::IsWaiting(reason), "a step that waits has a waiting reason");
  waiting[static_cast<size_t>(reason)] += steps;
  if (api::Info(reason).cls == api::ReasonClass::kCapacity) demand.Add(of_one, steps);
}

}  // namespace coreflow::metrics
