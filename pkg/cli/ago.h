#pragma once

#include <string>

#include "pkg/base/time.h"

namespace coreflow::cli {

// A span as kubectl shows ages: "45s", "3m12s", "5h", "2d4h". Negative ones are "0s".
std::string Short(Duration span);

}  // namespace coreflow::cli
