#pragma once

#include <functional>
#include <optional>
#include <string>

#include "pkg/base/result.h"
#include "pkg/cli/run_watch.h"
#include "pkg/cli/waiter.h"

namespace coreflow::cli {

// What a wait for a run came to.
struct Awaited {
  WaitEnd end = WaitEnd::kDone;
  json::Value object = {};  // as last seen
};

struct AwaitOptions {
  bool parts = false;                         // `done` looks at records and pods
  std::optional<Duration> timeout = {};       // none: as long as it takes
  std::function<bool(const RunWatch&)> done;  // whether it is over; asked after every change
};

// Waits until `done` holds. Says on stderr when the run is held or the server is away. kNotFound when the object is
// deleted meanwhile.
Result<Awaited> AwaitRun(Session& session, const FoundRun& run, const AwaitOptions& options);

// Done when the latest run has ended.
bool RunIsOver(const RunWatch& watch);

// kDone, kRunFailed or kRunStopped, as the run of the object ended.
int ExitCodeOfRun(const json::Value& object);

// One line: what the run came to, and why.
std::string ResultLine(const json::Value& object);

// The results of the run, one a line, the long ones cut; empty when there are none.
std::string OutputLines(const json::Value& object);

// What to do with a wait that did not come to its end: says so on stderr, and gives the exit code.
int GiveUp(Session& session, const Awaited& awaited);

}  // namespace coreflow::cli
