#pragma once

#include <string>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/cli/command.h"
#include "pkg/cli/environment.h"

namespace coreflow::cli {

// The flags of commands that run something once more.
std::vector<Flag> AskAgainFlags();

// What the new run continues unless --from says so.
enum class Continues { kNothing, kItself };
// Asks for one more run of the RUN in the first word, as the flags have it, and stays with it where they say so.
Result<int> AskAgain(Environment& environment, const Arguments& arguments, Continues continues);

}  // namespace coreflow::cli
