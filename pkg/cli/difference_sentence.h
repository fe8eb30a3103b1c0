#pragma once

#include <optional>
#include <string>

#include "pkg/compare/difference.h"

namespace coreflow::cli {

// What differs, in one sentence without its full stop: first what was changed, then what came of it. "etl/4 differs
// from etl/3: parameter lr 0.01 → 0.02, the script of train; it took 12s longer, most of it in train".
std::string Sentence(const compare::Difference& difference);

// A value before and after as people read them, in one line each and "-" where there is none: strings without quotes,
// unless they would then look like each other or like nothing.
struct ShownChange {
  std::string before = {};
  std::string after = {};
};
ShownChange Shown(const std::optional<json::Value>& before, const std::optional<json::Value>& after);

// "train", "each (a)", in one line and not too long.
std::string Where(const compare::Place& place);

// "+12s", "-1m2s".
std::string ShowLonger(Duration longer);

}  // namespace coreflow::cli
