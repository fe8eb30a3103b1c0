#pragma once

#include <string>
#include <string_view>

#include "pkg/base/result.h"
#include "pkg/files/descriptor.h"

namespace coreflow::executor {

// A connection to the courier's UNIX socket. For one thread.
class Socket {
 public:
  // kUnavailable when nobody is there; kInvalid for a path that is too long for a socket.
  static Result<Socket> Connect(const std::string& path);

  // Whether all of it went out. If not, the courier has answered already, or has closed the connection: nothing more is
  // to be sent. Blocks while the courier takes nothing; never raises SIGPIPE.
  bool Send(std::string_view bytes);

  // Blocks until the courier's line is there; without its end. kUnavailable when the connection ends before that, or
  // the line is longer than any that a courier writes.
  Result<std::string> ReadLine();

 private:
  explicit Socket(files::Descriptor socket) : socket_(std::move(socket)) {}

  files::Descriptor socket_;
};

}  // namespace coreflow::executor
