#pragma once

#include <cstdint>
#include <string>

namespace coreflow::engine {

// Why a run ends before its steps have. Durable in status.run.ending before it acts, so that it holds for the run
// whatever is edited afterwards.
enum class RunEnding : uint8_t { kNone, kGraceful, kImmediate, kDeadline, kSuperseded };
const char* RunEndingName(RunEnding ending);
RunEnding ParseRunEnding(const std::string& name);
// Whether it may become another: in a graceful ending what runs goes on, until somebody does not want to wait for it,
// or the deadline comes.
bool MayBecomeAnother(RunEnding ending);

}  // namespace coreflow::engine
