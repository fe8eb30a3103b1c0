#pragma once

#include <string>
#include <vector>

namespace coreflow::graph {

// The indexes of the nodes on one cycle, first to last, or empty when there is none. `parents[i]` are the nodes that i
// depends on. Takes time and memory in proportion to the edges and does not recurse.
std::vector<int> FindCycle(const std::vector<std::vector<int>>& parents);

}  // namespace coreflow::graph
