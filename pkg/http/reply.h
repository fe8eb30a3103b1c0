#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "pkg/http/transport.h"

namespace coreflow::http {

// The answer to one request that a server was sent: either Send() once, or Begin(), any number of Write()s and End().
// What comes after that, or for a client that has gone, is dropped. Thread-safe; what several threads write is in no
// particular order.
class Reply {
 public:
  virtual ~Reply() = default;

  // The whole answer.
  virtual void Send(Response response) = 0;

  // An answer in pieces: its status and headers (the body is left out), then the pieces, each passed on at once. A
  // client that leaves more than the server's max_backlog unread is cut off.
  virtual void Begin(Response head) = 0;
  virtual void Write(std::string bytes) = 0;
  virtual void End() = 0;

  // Called once, on the server's thread, when nothing that was written waits any more: who has much to write waits for
  // it now and then. Never for a client that has gone.
  virtual void OnTaken(std::function<void()> taken) = 0;

  // Called once, on the server's thread, when an answer in pieces has a client no more; at once when it has gone
  // already. Not after End().
  virtual void OnGone(std::function<void()> gone) = 0;
};

}  // namespace coreflow::http
