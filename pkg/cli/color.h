#pragma once

#include <string>
#include <string_view>

#include "pkg/cli/command.h"
#include "pkg/cli/environment.h"

namespace coreflow::cli {

// Whether words of states are coloured: --color, else NO_COLOR (https://no-color.org) and CLICOLOR_FORCE
// (https://bixense.com/clicolors), else where stdout is a terminal that knows colours.
bool WantsColor(const Environment& environment, const Arguments& arguments);

// A state's word in its colour, where there are colours; any other word as it is. The word itself always stays.
std::string Colored(std::string_view word, bool color);

// The same for a word within a line, which begins at `at`; as it is where the line has been cut before its end.
std::string ColoredWithin(std::string line, size_t at, std::string_view word, bool color);

}  // namespace coreflow::cli
