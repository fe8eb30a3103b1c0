#pragma once

#include <functional>
#include <memory>
#include <string>

#include "pkg/apiserver/store.h"
#include "pkg/base/loop.h"
#include "pkg/http/reply.h"
#include "pkg/runner/local_node.h"

namespace coreflow::dev {

// GET …/pods/NAME/log, with all options but previous, from the files of a node. On the loop's thread;
// loop, store and node outlive it.
class PodLogs {
 public:
  // The node's file with what a container has written, as LocalNode::LogOf gives it.
  using LogOf = std::function<runner::LocalNode::Log(const json::Value& pod, const std::string& container)>;

  PodLogs(Loop& loop, const apiserver::Store& store, LogOf log_of)
      : loop_(loop), store_(store), log_of_(std::move(log_of)) {}

  // Whether the request is for a log; then the reply is or will be sent.
  bool Serve(const http::Request& request, const std::shared_ptr<http::Reply>& reply);

 private:
  Loop& loop_;
  const apiserver::Store& store_;
  const LogOf log_of_;
};

}  // namespace coreflow::dev
