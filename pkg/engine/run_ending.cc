#include "pkg/engine/run_ending.h"

namespace coreflow::engine {

const char* RunEndingName(RunEnding ending) {
  switch (ending) {
    case RunEnding::kNone: return "";
    case RunEnding::kGraceful: return "Graceful";
    case RunEnding::kImmediate: return "Immediate";
    case RunEnding::kDeadline: return "Deadline";
    case RunEnding::kSuperseded: return "Superseded";
  }
  return "";
}

RunEnding ParseRunEnding(const std::string& name) {
  for (RunEnding ending : {RunEnding::kGraceful, RunEnding::kImmediate, RunEnding::kDeadline, RunEnding::kSuperseded}) {
    if (name == RunEndingName(ending)) return ending;
  }
  return RunEnding::kNone;
}

bool MayBecomeAnother(RunEnding ending) { return ending == RunEnding::kNone || ending == RunEnding::kGraceful; }

}  // namespace coreflow::engine
