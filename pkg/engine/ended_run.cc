#include "pkg/engine/ended_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "pkg/engine/status.h"

namespace coreflow::engine {

RunLookedUp EndedRun(const json::Value& object, const api::RunName& asked) {
  const ObjectView view = ParseObject(Kind::kWorkflow, object);
  const RunInfo last = ParseRunInfo(view.status);
  RunLookedUp run{.asked = asked,
                  .number = asked.number == 0 ? last.number : asked.number,
                  .uid = view.uid,
                  .creation_time = view.creation_time};
  std::vector<int64_t> numbers;
  if (last.number > 0) numbers.push_back(last.number);
  for (const json::Value& previous : view.status["previousRuns"].Elements()) {
    numbers.push_back(previous["number"].IntOr(0));
  }
  if (numbers.empty()) {
    run.problem = fmt::format("{} has not run yet", asked.object);
  } else if (std::ranges::find(numbers, run.number) == numbers.end()) {
    run.problem = fmt::format("{} has no run {}; it has {}", asked.object, run.number, fmt::join(numbers, ", "));
  } else if (run.number == last.number && last.result.empty()) {
    run.problem = fmt::format("{}/{} has not ended", asked.object, run.number);
  }
  return run;
}

}  // namespace coreflow::engine
