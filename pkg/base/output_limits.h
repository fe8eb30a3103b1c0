#pragma once

#include <cstddef>

namespace coreflow {

// Of what a step writes to $COREFLOW_OUTPUT, in bytes.
inline constexpr size_t kMostOutputs = size_t{1} << 20;
// As many go with the message of its executor: a kubelet keeps 4 KiB of that, and there is more in it.
inline constexpr size_t kMostInlineOutputs = 1024;

}  // namespace coreflow
