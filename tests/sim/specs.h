#pragma once

#include "pkg/base/dice.h"
#include "pkg/json/value.h"

namespace coreflow::sim {

// Random specs that the operator accepts and that end by themselves if their pods do: chains, diamonds, fan-outs and
// graphs of no shape, with retries, conditions, deadlines and finally. The same for a seed.
json::Value RandomWorkflowSpec(Dice& random);
json::Value RandomJobSpec(Dice& random);

// The spec with something else to run, or with only controls changed: what a user's edit may be.
json::Value Edited(const json::Value& spec, bool workflow, Dice& random);

// Steps whose names begin so write the output `list`, of this many numbers.
inline constexpr char kMakesList[] = "make";
int64_t ListLength(const std::string& step);
// Whether that list is so large that it goes through the artifact store.
bool MakesLargeList(const std::string& step);

}  // namespace coreflow::sim
