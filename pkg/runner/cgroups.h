#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "pkg/base/result.h"
#include "pkg/runner/limits.h"

namespace coreflow::runner {

// The cgroups (v2) of one node's containers, in one of this process: below the root of all as root, else below the
// process's own, which must have been delegated to it. Not thread-safe.
class Cgroups {
 public:
  // Removes also what predecessors left that were killed. kForbidden, with why, where no limits can be set.
  static Result<std::unique_ptr<Cgroups>> Open(const std::string& root = "/sys/fs/cgroup");
  // Kills what is still in them.
  ~Cgroups();
  Cgroups(const Cgroups&) = delete;
  Cgroups& operator=(const Cgroups&) = delete;

  // A new one with those limits: its folder, for Launch. `name` is a file's.
  Result<std::string> Make(const std::string& name, const Limits& limits) const;
  // Whether the kernel has killed something in it for want of memory.
  static bool OutOfMemory(const std::string& cgroup);
  // Kills what is left in it.
  static void Remove(const std::string& cgroup);

 private:
  Cgroups(std::string parent, std::string folder) : parent_(std::move(parent)), folder_(std::move(folder)) {}
  Result<void> Enable();

  const std::string parent_;
  const std::string folder_;
  std::string refuge_ = {};  // where this process is, if it had to make room in its own
};

// The path after "0::" in /proc/PID/cgroup; empty when there is none.
std::string OwnCgroup(std::string_view text);

// How often memory.events says that something was killed.
int64_t OomKills(std::string_view memory_events);

}  // namespace coreflow::runner
