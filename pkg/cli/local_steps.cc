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
                   "repeated"},
          {.name = "runner",
           .kind = FlagKind::kText,
           .placeholder = "HOW",
           .help = "steps are processes of this machine, as by default, containers of their images, or simulated: "
                   "they run nowhere, chance makes their ends",
           .choices = {"process", "podman", "docker", "simulate"}},
          {.name = "seed", .kind = FlagKind::kNumber, .placeholder = "N", .help = "of that chance; 1"},
          {.name = "failure-rate",
           .kind = FlagKind::kNumber,
           .placeholder = "PERCENT",
           .help = "how many simulated steps fail; 5"}};
}

LocalSteps LocalStepsOf(const Arguments& arguments) {
  const std::string runner = arguments.Text("runner");
  LocalSteps steps{.host_paths = arguments.All("allow-host-path"),
                   .image_map = arguments.All("image-map"),
                   .tool = runner == "podman" || runner == "docker" ? runner : "",
                   .simulated = runner == "simulate"};
  steps.seed = arguments.Number("seed").value_or(steps.seed);
  steps.failure_rate = arguments.Number("failure-rate").value_or(steps.failure_rate);
  return steps;
}

std::string WrongLocalFlags(const Arguments& arguments, bool local) {
  for (const Flag& flag : LocalStepFlags()) {
    if (arguments.Has(flag.name) && !local) return fmt::format("--{} is for --local", flag.name);
  }
  const LocalSteps steps = LocalStepsOf(arguments);
  for (const char* flag : {"seed", "failure-rate"}) {
    if (arguments.Has(flag) && !steps.simulated) return fmt::format("--{} is for --runner=simulate", flag);
  }
  if (arguments.Has("allow-host-path") && steps.simulated) return "--allow-host-path is not for --runner=simulate";
  if (arguments.Has("image-map") && (steps.simulated || !steps.tool.empty())) {
    return "--image-map is for --runner=process";
  }
  return steps.failure_rate > 100 ? "--failure-rate is at most 100" : "";
}

}  // namespace coreflow::cli
