#pragma once

#include <string>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/executor/printed.h"
#include "pkg/executor/usage.h"

namespace coreflow::executor {

// The end of a command: its exit code as a shell has it, or 128 and the signal that killed it.
struct Ended {
  int code = 0;
  Usage usage = {};
};

// Runs a command, found on the PATH, as a child with our standard files, environment and folder, until it has ended.
// With `printed`, which may be null, its stdout and stderr go through that, and when it has ended all has gone through.
// kNotFound when there is no such program, kInvalid or another code when it can't be run; the message is "COMMAND: "
// and the system's words.
//
// Meanwhile every signal that we get goes on to the child, but for those that the terminal sends to both of us and
// those that our own writing raises, and what else ends as a child of ours is reaped: we may be process 1 of a
// container.
//
// For a process of one thread, once. When it returns, all signals are blocked, so that none cuts off what comes after
// the command, and the system reaps what is left of the command's children.
// REQUIRES: the command is not empty.
Result<Ended> Supervise(const std::vector<std::string>& command, Printed* printed = nullptr);

}  // namespace coreflow::executor
