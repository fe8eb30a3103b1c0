#pragma once

#include <string>
#include <variant>
#include <vector>

#include "pkg/cli/command.h"

namespace coreflow::cli {

// What to do instead of running a command: print, and end with the code.
struct Exit {
  int code = 0;
  std::string out = {};
  std::string err = {};

  bool operator==(const Exit&) const = default;
};

// A command and what it was given.
struct Call {
  const Command* command = nullptr;
  Arguments arguments = {};
};

// Flags that every command takes.
const std::vector<Flag>& GlobalFlags();

// Reads the arguments after the program's name. Flags may stand anywhere; everything that is wrong is said at once,
// with the nearest name there is. The call points into `commands`.
std::variant<Call, Exit> ParseCommandLine(const std::string& program, const std::vector<Command>& commands,
                                          std::vector<std::string> arguments);

}  // namespace coreflow::cli
