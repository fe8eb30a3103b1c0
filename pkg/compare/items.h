#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pkg/compare/difference.h"
#include "pkg/compare/run.h"

namespace coreflow::compare {

// The same item in two runs; where one of them does not have it, null.
struct ItemPair {
  const Item* before = nullptr;
  const Item* after = nullptr;
};

// Items of forEach are the same by their values, wherever these stand in the list: the second of equal values goes with
// the second. Where not all values are known, and in Jobs, they are by their indexes. The steps must outlive the
// result.
std::vector<ItemPair> PairItems(const Step& before, const Step& after);

// Where a pair of the step is.
Place PlaceOf(const std::string& step, const ItemPair& pair);

// From the start of the step's first item to the end of its last one; what was taken from elsewhere took no time.
// nullopt while the step goes on, and where it never began.
std::optional<Duration> TimeTaken(const Step& step);

}  // namespace coreflow::compare
