#pragma once

#include <string>

#include "pkg/base/result.h"

namespace coreflow::store {

// 32 hexadecimal digits that nobody else has, on this machine or another. kUnavailable when the system has no
// randomness.
Result<std::string> RandomName();

}  // namespace coreflow::store
