#include "pkg/cli/local_steps.h"

#include <fmt/format.h>

namespace coreflow::cli {

std::vector<Flag> LocalStepFlags() {
  return {{.name = "allow-host-path",
           .kind = FlagKind::kList,
           .placeholder = "FOLDER",
           .help = "steps on this machine may mount what is below it (hostPath); may be repeated"},
          {.name = "image-map",
           .kind = FlagKind::kList,
           .placeholder = "IMAGE=FOLDER",
           .help = "steps of IMAGE, which may end in *, run with the files of FOLDER, an unpacked image; may be "
                   "repeated"}};
}

LocalSteps LocalStepsOf(const Arguments& arguments) {
  return {.host_paths = arguments.All("allow-host-path"), .image_map = arguments.All("image-map")};
}

std::string IdleLocalFlag(const Arguments& arguments, bool local) {
  for (const Flag& flag : LocalStepFlags()) {
    if (arguments.Has(flag.name) && !local) return fmt::format("--{} is for --local", flag.name);
  }
  return "";
}

}  // namespace coreflow::cli
