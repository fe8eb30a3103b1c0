#pragma once

#include <memory>

#include "pkg/apiserver/store.h"
#include "pkg/base/loop.h"
#include "pkg/http/reply.h"
#include "pkg/runner/local_node.h"

namespace coreflow::dev {

// GET …/pods/NAME/log, with all options but previous, from the files of a local node. On the loop's
// thread; loop, store and node outlive it.
class PodLogs {
 public:
  PodLogs(Loop& loop, const apiserver::Store& store, const runner::LocalNode& node)
      : loop_(loop), store_(store), node_(node) {}

  // Whether the request is for a log; then the reply is or will be sent.
  bool Serve(const http::Request& request, const std::shared_ptr<http::Reply>& reply);

 private:
  Loop& loop_;
  const apiserver::Store& store_;
  const runner::LocalNode& node_;
};

}  // namespace coreflow::dev
