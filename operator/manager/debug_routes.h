#pragma once

#include <functional>
#include <string>

#include "pkg/http/server.h"
#include "pkg/logging/log.h"

namespace coreflow::manager {

// /debug/log-level: GET says the level of the log; PUT with a level as its body (debug, info, warn, error) sets it
// until the program ends, and says in the log that it did. /debug/runtime: GET gives what `runtime` makes.
//
// Who asks is not checked: it is for loopback addresses, which in a pod only those reach who may exec into it or
// forward its ports. A browser that forwards such a port is kept out: requests of pages, which have an Origin, are
// refused.
http::Server::Routes DebugRoutes(const logging::Log& log, std::function<std::string()> runtime);

}  // namespace coreflow::manager
