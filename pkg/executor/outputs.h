#pragma once

#include <string>

#include "pkg/base/result.h"

namespace coreflow::executor {

// What the command wrote to the file; "" when it made none. kInvalid when there are more than kMostOutputs bytes, or
// the file can't be read.
Result<std::string> ReadOutputs(const std::string& path);

}  // namespace coreflow::executor
