#pragma once

#include <memory>
#include <stop_token>

#include "operator/manager/config.h"
#include "pkg/base/result.h"
#include "pkg/http/transport.h"
#include "pkg/logging/log.h"
#include "pkg/reactor/event_loop.h"
#include "pkg/store/store.h"

namespace coreflow::manager {

enum class Ending {
  kAskedTo,
  kBeginAnew,  // to be run again, with a new loop and transport: what is in memory is of no more use
};

// The whole operator, put together: watches, leads, reconciles and serves its probes until `stop` is requested, then
// ends in order: no new decisions, the Lease given back last. Gives an error when it can't begin, or when it lost its
// leadership: then the process is to end and start anew, which is cheap since all state is in the cluster.
// `namespace_name` is the operator's own, for its Lease. The loop outlives the transport, whose threads post to it.
// `store`: null, there is none.
Result<Ending> RunOperator(const Config& config, reactor::EventLoop& loop, http::Transport& transport,
                           const std::string& namespace_name, store::Store* store, const logging::Log& log,
                           const std::stop_token& stop);

}  // namespace coreflow::manager
