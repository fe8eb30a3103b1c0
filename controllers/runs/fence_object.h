#pragma once

#include <cstdint>
#include <string>

#include "pkg/base/time.h"
#include "pkg/json/value.h"

namespace coreflow::runs {

// Of the one Fence there is, in the operator's namespace.
inline constexpr char kFenceName[] = "coreflow";

// What raises the fence of every bucket to an epoch that none of them has had.
struct RaisedFence {
  int64_t epoch = 0;
  json::Value object = {};  // carries the resourceVersion that it replaces, unless it is new
};

// `stored`: the Fence as it is, whoever wrote it; null: there is none. The epoch is `at_least` or more.
RaisedFence RaiseFence(const json::Value& stored, const std::string& ns, const std::string& holder, int64_t at_least,
                       Time now);

}  // namespace coreflow::runs
