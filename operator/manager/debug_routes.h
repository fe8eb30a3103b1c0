#pragma once

#include <functional>
#include <string>

#include "operator/manager/cpu_profiler.h"
#include "pkg/http/server.h"
#include "pkg/logging/log.h"

namespace coreflow::manager {

// /debug/log-level: GET says the level of the log; PUT with a level as its body (debug, info, warn, error) sets it
// until the program ends, and says in the log that it did. /debug/runtime: GET gives what `runtime` makes.
// /debug/profile?seconds=10: GET gives a CPU profile of so long, as CpuProfile() has it, 409 while another is taken;
// one whose client has gone ends at once. `profiler` outlives the server.
//
// Who asks is not checked: it is for loopback addresses, which in a pod only those reach who may exec into it or
// forward its ports. A browser that forwards such a port is kept out: requests of pages, which have an Origin, are
// refused.
http::Server::AsyncHandler DebugRoutes(const logging::Log& log, std::function<std::string()> runtime,
                                       CpuProfiler& profiler);

}  // namespace coreflow::manager
