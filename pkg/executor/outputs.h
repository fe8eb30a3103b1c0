#pragma once

#include <string>

#include "pkg/base/result.h"

namespace coreflow::executor {

inline constexpr size_t kMostOutputs = size_t{1} << 20;  // bytes

// With more than that in the message there may be no room for the rest of it: a kubelet keeps 4 KiB.
inline constexpr size_t kMostInline = 1024;  // bytes

// What the command wrote to the file; "" when it made none. kInvalid when there are more than kMostOutputs bytes, or
// the file can't be read.
Result<std::string> ReadOutputs(const std::string& path);

}  // namespace coreflow::executor
