#pragma once

#include <memory>
#include <set>

#include "pkg/apiserver/api_server.h"
#include "pkg/base/loop.h"
#include "pkg/http/server.h"

namespace coreflow::apiserver {

// Brings what an HTTP server is asked to an API server that lives on a loop, and its answers back.
class Frontend {
 public:
  // What answers requests that the API server does not: says whether it took this one. On the loop's thread.
  using Extension = std::function<bool(const http::Request& request, const std::shared_ptr<http::Reply>& reply)>;

  // Loop and server outlive it.
  Frontend(Loop& loop, ApiServer& server, Extension extension = {});
  // On the loop's thread. Watches end; requests that come later are dropped.
  ~Frontend();
  Frontend(const Frontend&) = delete;
  Frontend& operator=(const Frontend&) = delete;

  // For http::Server::Start; may be called from any thread, also when this is gone.
  http::Server::AsyncHandler Handler();

 private:
  class Stream;

  void Serve(const http::Request& request, const std::shared_ptr<http::Reply>& reply);
  void ServeWatch(const http::Request& request, const std::shared_ptr<http::Reply>& reply);

  Loop& loop_;
  ApiServer& server_;
  const Extension extension_;
  std::set<std::shared_ptr<Stream>> streams_;
  std::shared_ptr<Frontend*> self_;  // null once destroyed
};

}  // namespace coreflow::apiserver
