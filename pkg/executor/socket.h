#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "pkg/base/result.h"
#include "pkg/files/descriptor.h"

namespace coreflow::executor {

// A connection to the courier's UNIX socket. For one thread.
class Socket {
 public:
  // kUnavailable when nobody is there; kInvalid for a path that is too long for a socket. When the courier neither
  // takes nor says anything for `silence`, the connection counts as ended; 0: it is waited for.
  static Result<Socket> Connect(const std::string& path, std::chrono::milliseconds silence = {});

  // Whether all of it went out. If not, the courier has answered already, or has closed the connection: nothing more is
  // to be sent. Blocks while the courier takes nothing; never raises SIGPIPE.
  bool Send(std::string_view bytes);

  // Blocks until the courier's line is there; without its end. kUnavailable when the connection ends before that, or
  // the line is longer than any that a courier writes.
  Result<std::string> ReadLine();

 private:
  Socket(files::Descriptor socket, std::chrono::milliseconds silence) : socket_(std::move(socket)), silence_(silence) {}

  // Whether there is something to do within the silence that is allowed.
  bool Await(short events, short* ready) const;

  files::Descriptor socket_;
  std::chrono::milliseconds silence_;
};

}  // namespace coreflow::executor
