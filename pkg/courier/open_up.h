#pragma once

#include <string>

#include "pkg/base/result.h"

namespace coreflow::courier {

// Lets any user read and write what is there: a step runs as whom it likes. Of a folder, all that is in it; links are
// left alone. What the owner may execute, all may.
Result<void> OpenUp(const std::string& path);

}  // namespace coreflow::courier
