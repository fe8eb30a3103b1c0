#pragma once

#include <string>
#include <vector>

#include "pkg/artifact/courier_job.h"
#include "pkg/base/result.h"

namespace coreflow::courier {

struct CommandLine {
  enum class Command { kFetch, kServe, kHelp };
  Command command = Command::kHelp;
  std::string volume = artifact::kVolumePath;
  std::string executor = {};  // empty: beside this program
  std::string termination_log = "/dev/termination-log";

  bool operator==(const CommandLine&) const = default;
};

// kInvalid, saying what is wrong.
Result<CommandLine> ReadCommandLine(const std::vector<std::string>& arguments);

extern const char kUsage[];

}  // namespace coreflow::courier
