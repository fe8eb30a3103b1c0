#include "pkg/graph/cycle.h"

#include <gtest/gtest.h>

namespace coreflow::graph {
namespace {

TEST(FindCycle, FindsNoneInADiamond) { EXPECT_TRUE(FindCycle({{}, {0}, {0}, {1, 2}}).empty()); }

TEST(FindCycle, NamesTheNodesInOrderOfDependence) {
  // 3 hangs on the circle but is not part of it.
  std::vector<int> cycle = FindCycle({{2}, {0}, {1}, {2}});
  ASSERT_EQ(cycle.size(), 3u);
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ((cycle[i] + 1) % 3, cycle[(i + 1) % 3]);
}

TEST(FindCycle, ALongChainNeedsNoDeepStack) {
  std::vector<std::vector<int>> parents(200000);
  for (int i = 1; i < 200000; ++i) parents[static_cast<size_t>(i)] = {i - 1};
  EXPECT_TRUE(FindCycle(parents).empty());
  parents[0] = {199999};
  EXPECT_EQ(FindCycle(parents).size(), 200000u);
}

}  // namespace
}  // namespace coreflow::graph
