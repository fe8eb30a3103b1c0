#pragma once

#include <functional>
#include <memory>

#include "pkg/base/time.h"
#include "pkg/http/credentials.h"
#include "pkg/http/options.h"
#include "pkg/kubeconfig/config.h"

namespace coreflow::kubeconfig {

// Reads the wall clock. Thread-safe.
using Clock = std::function<Time()>;
Time WallClock();

// The credentials of a configuration. Files of tokens are read again after a minute, or at once after a 401; files of
// certificates after five minutes; an exec plugin runs again when its credential is within ten seconds of its end, and
// after a 401 or a failure, then at most once in ten seconds. A file that can't be read any more leaves the last one in
// use until the server refuses it. Thread-safe.
std::shared_ptr<http::Credentials> NewCredentials(Config config, Clock clock = WallClock);

// What a transport needs to talk to the configuration's server, its credentials included.
http::Options TransportOptions(const Config& config, Clock clock = WallClock);

}  // namespace coreflow::kubeconfig
