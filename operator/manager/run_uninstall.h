#pragma once

#include <stop_token>

#include "operator/manager/config.h"
#include "pkg/base/result.h"
#include "pkg/http/transport.h"
#include "pkg/logging/log.h"
#include "pkg/reactor/event_loop.h"

namespace coreflow::manager {

// `coreflow-operator uninstall`: see controllers/uninstall. An error when something may be left, or when it was asked
// to stop. `namespace_name` is that of the account. The loop outlives the transport, whose threads post to it.
Result<void> RunUninstall(const Config& config, reactor::EventLoop& loop, http::Transport& transport,
                          const std::string& namespace_name, const logging::Log& log, const std::stop_token& stop);

}  // namespace coreflow::manager
