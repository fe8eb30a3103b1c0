#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "pkg/json/value.h"

namespace coreflow::manager {

// What to do instead of running: print, and end with this code. 0: asked for; 2: the command line or the configuration
// is wrong.
struct Exit {
  int code = 0;
  std::string out = {};  // to stdout
  std::string err = {};  // to stderr

  bool operator==(const Exit&) const = default;
};

// A flag that stands for one field of the configuration, and the value it was given.
struct Override {
  std::string flag = {};   // "--metrics-listen"
  std::string path = {};   // "metrics.listen"
  json::Value value = {};  // as it would stand in the file; text where a number was wanted and something else given
};

struct CommandLine {
  std::string config_file = {};
  bool print_config = false;
  std::vector<Override> overrides = {};  // in the order of --help
};

// Reads the arguments after the program's name.
std::variant<CommandLine, Exit> ParseCommandLine(std::vector<std::string> arguments);

}  // namespace coreflow::manager
