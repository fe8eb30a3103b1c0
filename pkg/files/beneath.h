#pragma once

#include <fcntl.h>
#include <sys/types.h>

#include <functional>
#include <string>

#include "pkg/base/result.h"
#include "pkg/files/descriptor.h"

namespace coreflow::files {

// Opens `path`, relative to the folder, and nothing outside of it: no part of the path may be a symbolic link, lead up
// out of the folder, or be absolute (openat2 with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS; Linux 5.6). Whoever can
// write to the folder can't make it open anything else. kInvalid when the path leads elsewhere. `flags` as for open(2);
// O_CLOEXEC and O_NONBLOCK, for FIFOs, are added.
Result<Descriptor> OpenBeneath(const Descriptor& folder, const std::string& path, int flags, mode_t mode = 0);

// What is to happen around each folder that is made; null: nothing. An error ends all.
struct WhenMaking {
  std::function<Result<void>()> before = {};
  // With the folder in which the new name stands.
  std::function<Result<void>(const Descriptor& above)> after = {};
};

// The same for a folder, which is made, with those above it, where it does not exist.
Result<Descriptor> MakeFolderBeneath(const Descriptor& folder, const std::string& path, mode_t mode,
                                     const WhenMaking& when = {});

}  // namespace coreflow::files
