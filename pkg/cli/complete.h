#pragma once

#include <string>
#include <vector>

#include "pkg/cli/command.h"

namespace coreflow::cli {

// What may stand in place of the last word (perhaps empty) of a command line, in the words that the scripts of
// `completion` and kubectl's plugins expect: a candidate a line, perhaps with a tab and what it is, then ":4", or ":0"
// where files may follow. Asks the cluster for the names of runs, not for long.
std::string Complete(Environment& environment, const std::vector<Command>& commands,
                     const std::vector<std::string>& words);

}  // namespace coreflow::cli
