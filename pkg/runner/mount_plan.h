#pragma once

#include <string>
#include <vector>

#include "pkg/base/result.h"

namespace coreflow::runner {

// What a step sees at a path: a folder or a file of the host.
struct Mount {
  std::string source = {};  // absolute, there
  std::string target = {};  // absolute, in the step's own root
  bool read_only = false;

  bool operator==(const Mount&) const = default;
};

// One call that builds a root, in order; paths are below the new root.
struct MountStep {
  // kBindIfThere: what is the host's own may go before it is bound.
  enum class Kind { kFolder, kFile, kLink, kBind, kBindReadOnly, kBindIfThere };
  Kind kind = Kind::kFolder;
  std::string path = {};
  std::string source = {};  // of a link: what it says

  bool operator==(const MountStep&) const = default;
};

// How to build, in an empty folder `root`, the host's file system with `mounts` in it: what is in no mount's way is
// bound as it is. With `image`, a folder, that is what the root has, but for /dev and /sys, which are the host's. Reads
// folders of both. /proc is left to the caller. kInvalid when a mount's source is missing or its target is not
// absolute, or in /proc.
Result<std::vector<MountStep>> PlanMounts(const std::string& root, const std::vector<Mount>& mounts,
                                          const std::string& image = "");

}  // namespace coreflow::runner
