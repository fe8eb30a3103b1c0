#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "pkg/base/result.h"

namespace coreflow::kubeconfig {

struct Program {
  std::string command = {};  // a path when it has a slash; else looked up in our PATH
  std::vector<std::string> args = {};
  std::vector<std::string> environment = {};  // "NAME=value", all of it
  std::chrono::milliseconds timeout{60'000};
  size_t max_output = size_t{1} << 20;  // of stdout; of stderr the first KiB is kept
};

struct Outcome {
  int exit_status = 0;  // 128 + the signal's number when a signal ended it
  std::string output = {};
  std::string errors = {};
};

// Runs a program, without a shell, with nothing on stdin and no file of ours open, and waits for its end. It and what
// it has started are killed after the timeout (kUnavailable), when it writes too much (kInvalid), and when it ends
// itself. kNotFound when there is no such program. Blocks. Thread-safe.
Result<Outcome> RunProgram(const Program& program);

}  // namespace coreflow::kubeconfig
