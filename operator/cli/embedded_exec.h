#pragma once

#include <string>

#include "pkg/base/result.h"

namespace coreflow::cli {

// coreflow-exec, which is in this program, as a file of memory: its path, good for as long as the process lives.
// kInternal when the kernel has no memory for it.
Result<std::string> EmbeddedExec();

}  // namespace coreflow::cli
