#pragma once

#include <memory>
#include <set>

#include "pkg/apiserver/api_server.h"
#include "pkg/http/transport.h"

namespace coreflow::apiserver {

// A client's way to an API server on the same loop, without a network: answers come with the loop's next turn, nothing
// is ever lost. What a watch shows is handed on without text to a sink that takes lines (json::LineSink). Only on the
// loop's thread. Loop and server outlive it, and it outlives its requests.
class LocalTransport : public http::Transport {
 public:
  LocalTransport(Loop& loop, ApiServer& server) : loop_(loop), server_(server) {}

  std::shared_ptr<http::Cancel> Send(http::Request request, std::chrono::milliseconds deadline,
                                     Completion done) override;
  std::shared_ptr<http::Cancel> Stream(http::Request request, std::chrono::milliseconds idle,
                                       std::shared_ptr<http::Sink> sink, StreamEnd end) override;

 private:
  Loop& loop_;
  ApiServer& server_;
  // Streams that are open: a client need not hold on to theirs.
  std::shared_ptr<std::set<std::shared_ptr<http::Cancel>>> open_ =
      std::make_shared<std::set<std::shared_ptr<http::Cancel>>>();
};

}  // namespace coreflow::apiserver
