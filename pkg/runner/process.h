#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/runner/mount_plan.h"

namespace coreflow::runner {

// A program to start.
struct Launch {
  std::vector<std::string> command = {};      // found on the PATH of `environment`
  std::vector<std::string> environment = {};  // "NAME=value", all of it
  std::string folder = {};                    // where it starts
  std::string log = {};                       // the file that its output is appended to
  std::string errors = {};                    // the same for its standard error; empty: the log
  // With a root of its own: an empty folder to build it in. Then the program is also process 1 of its own process
  // namespace, as in a container: when it ends, all that it has started ends. Empty: neither.
  std::string root = {};
  std::vector<Mount> mounts = {};  // REQUIRES: a root of its own, when there are any
  std::string cgroup = {};         // the folder of the one that it starts in; empty: in ours
  std::string image = {};          // a folder whose files the root has instead of the machine's; REQUIRES the same
};

// A program that runs. It is killed when the thread that started it ends.
struct Process {
  pid_t pid = 0;
  int handle = -1;  // a pidfd; whoever waits for the end closes it
};

// Starts it, and returns when it is under way. kNotFound when there is no such program; kForbidden when this machine
// lets us make no namespaces; kInvalid for anything else that can't be done, with what and why.
Result<Process> Start(const Launch& launch);

}  // namespace coreflow::runner
