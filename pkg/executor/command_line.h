#pragma once

#include <span>
#include <string>
#include <vector>

#include "pkg/base/result.h"

namespace coreflow::executor {

// A file or folder that the command may leave.
struct Artifact {
  std::string name = {};
  std::string archive = {};  // "None", "Tar" or "TarZstd", as the courier is told it
  std::string path = {};
  bool optional = false;

  bool operator==(const Artifact&) const = default;
};

// What coreflow-exec is asked to do.
struct CommandLine {
  std::string socket = {};   // the courier's
  std::string message = {};  // where the message is left
  std::string outputs = {};  // what the command writes its outputs to
  std::string large_outputs =
      {};  // the name under which outputs go to the courier when they are large; empty: they don't
  std::vector<Artifact> artifacts = {};
  std::vector<std::string> command = {};

  bool operator==(const CommandLine&) const = default;
};

// Of the arguments behind the program's name:
//
//   --socket PATH --message PATH --outputs PATH [--large-outputs NAME]
//   [--artifact NAME=ARCHIVE:PATH | --optional-artifact NAME=ARCHIVE:PATH]... -- COMMAND [ARG...]
//
// kInvalid, saying what is wrong: an option that is not one of these, is missing or stands twice, a path that is not
// absolute, a name that is no word, no command.
Result<CommandLine> ParseCommandLine(std::span<const char* const> arguments);

}  // namespace coreflow::executor
