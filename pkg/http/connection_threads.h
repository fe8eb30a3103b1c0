#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

#include "pkg/base/time.h"
#include "pkg/files/descriptor.h"
#include "pkg/http/blocking_connection.h"

namespace coreflow::http {

// Serves the connections that come to a listening socket, each on a thread of its own; those above the cap wait until
// others have ended. Thread-safe.
class ConnectionThreads {
 public:
  // Called on each connection's thread; the connection ends when it returns.
  using Serve = std::function<void(BlockingConnection&)>;
  struct Options {
    size_t most = 64;
    Duration limit{60'000};  // of the connections, see BlockingConnection
  };

  // `listener` does not block.
  ConnectionThreads(files::Descriptor listener, const Options& options, Serve serve);
  // Stops without a grace.
  ~ConnectionThreads();

  // Accepts no more, cuts the connections that have not ended within the grace, and returns when all have. Once.
  void Stop(Duration grace);

 private:
  struct Session {
    std::unique_ptr<BlockingConnection> connection;  // null: it has ended
    std::thread thread = {};
  };

  void Accept();
  // False: it is time to stop.
  bool AwaitRoom();
  void Begin(files::Descriptor socket);
  void Run(Session& session);

  files::Descriptor listener_;
  const files::Descriptor wake_;
  const Options options_;
  const Serve serve_;
  std::mutex mu_;
  std::condition_variable changed_;
  bool stopping_ = false;        // guarded by mu_
  size_t live_ = 0;              // guarded by mu_
  std::list<Session> sessions_;  // guarded by mu_
  std::thread acceptor_;
};

}  // namespace coreflow::http
