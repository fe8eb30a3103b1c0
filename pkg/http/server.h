#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "pkg/base/result.h"
#include "pkg/http/reply.h"
#include "pkg/http/transport.h"

namespace coreflow::http {

// A small HTTP/1.1 server without TLS on a thread of its own. Every wait for a client has a limit and every size has a
// cap, so a client that sends nothing, or too much, costs one connection for a bounded time.
class Server {
 public:
  // Called on the server's thread, one at a time. Must not block. `target` is the path with its query; header names are
  // in lower case. The body of an answer to HEAD is counted but not sent.
  using Handler = std::function<Response(const Request&)>;
  // By exact path, without the query: "/metrics". Any other path is 404.
  using Routes = std::map<std::string, Handler>;

  // For answers that come later, or in pieces. The same, but its Reply may be used from any thread, also when the
  // server is gone. A connection whose Reply is let go unanswered is closed.
  using AsyncHandler = std::function<void(Request, std::shared_ptr<Reply>)>;

  struct Options {
    std::string address = "127.0.0.1";
    uint16_t port = 0;                                 // 0: any free one, see port()
    size_t max_header = size_t{16} << 10;              // more: 431
    size_t max_body = size_t{1} << 20;                 // more: 413
    size_t max_backlog = size_t{64} << 20;             // written and not taken: cut off
    size_t max_connections = 128;                      // more: 503 at once, and closed
    std::chrono::milliseconds header_timeout{10'000};  // from the first byte, or the accept, to the end of the headers
    std::chrono::milliseconds body_timeout{30'000};    // for the whole body; also for writing an answer
    std::chrono::milliseconds idle_timeout{60'000};    // between two requests of a connection
    std::chrono::milliseconds stop_grace{5'000};       // for answers under way when Stop() is called
  };

  // Listens when it returns. kUnavailable when the address can't be bound, kInvalid when it is none.
  static Result<std::unique_ptr<Server>> Start(Options options, Routes routes);
  static Result<std::unique_ptr<Server>> Start(Options options, AsyncHandler handler);

  // Stops.
  virtual ~Server() = default;

  virtual uint16_t port() const = 0;

  // Accepts no more, closes idle connections and cuts answers in pieces short, lets other answers under way finish
  // within the grace, and returns when the thread has ended. Idempotent. Not from a handler.
  virtual void Stop() = 0;
};

}  // namespace coreflow::http
