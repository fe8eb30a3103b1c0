#pragma once

#include <chrono>
#include <memory>

#include "pkg/logging/log.h"

namespace coreflow::logging {

// Writes lines to a file descriptor, which stays the caller's; it need not be non-blocking, and should not be (that
// flag belongs to every process that shares the file). A reader that does not read delays a line by `patience` at
// most. A line that does not fit by then is lost, and so are the next ones, without any delay, until there is room
// again; then one line says how many were lost. Each line is written whole or not at all, up to the room that a pipe
// reports (4,096 bytes); a longer one may be cut short, and still ends with a newline.
std::shared_ptr<Sink> MakeFdSink(int fd, std::chrono::milliseconds patience);

// The above for stderr, with a patience of 100 ms.
std::shared_ptr<Sink> MakeStderrSink();

}  // namespace coreflow::logging
