#include "pkg/graph/cycle.h"

#include <algorithm>
#include <cstddef>

namespace coreflow::graph {

std::vector<int> FindCycle(const std::vector<std::vector<int>>& parents) {
  const size_t n = parents.size();
  std::vector<std::vector<int>> children(n);
  std::vector<size_t> waits(n);
  std::vector<int> free;
  for (size_t i = 0; i < n; ++i) {
    waits[i] = parents[i].size();
    for (int parent : parents[i]) children[static_cast<size_t>(parent)].push_back(static_cast<int>(i));
    if (waits[i] == 0) free.push_back(static_cast<int>(i));
  }
  while (!free.empty()) {
    int node = free.back();
    free.pop_back();
    for (int child : children[static_cast<size_t>(node)]) {
      if (--waits[static_cast<size_t>(child)] == 0) free.push_back(child);
    }
  }
  auto blocked = std::ranges::find_if(waits, [](size_t count) { return count > 0; });
  if (blocked == waits.end()) return {};
  // Every blocked node has a blocked parent, so walking up must meet a node again.
  std::vector<int> walk = {static_cast<int>(blocked - waits.begin())};
  std::vector<std::ptrdiff_t> position(n, -1);  // in the walk
  while (true) {
    position[static_cast<size_t>(walk.back())] = static_cast<std::ptrdiff_t>(walk.size()) - 1;
    const auto& up = parents[static_cast<size_t>(walk.back())];
    int parent = *std::ranges::find_if(up, [&](int p) { return waits[static_cast<size_t>(p)] > 0; });
    if (std::ptrdiff_t seen = position[static_cast<size_t>(parent)]; seen >= 0) {
      std::vector<int> cycle(walk.begin() + seen, walk.end());
      std::ranges::reverse(cycle);
      return cycle;
    }
    walk.push_back(parent);
  }
}

}  // namespace coreflow::graph
