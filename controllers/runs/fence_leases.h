#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pkg/base/time.h"
#include "pkg/json/value.h"

namespace coreflow::runs {

// Label of the Leases below; admission policies and people find them by it.
inline constexpr char kLabelFence[] = "coreflow.dev/fence";

// "coreflow-bucket-07".
std::string FenceLeaseName(int32_t bucket);

// What raises the fence of every bucket to an epoch that none of them has had.
struct FenceLeases {
  struct Write {
    std::string name = {};
    json::Value lease = {};  // carries the resourceVersion that it replaces, unless it is new
    bool is_new = false;

    bool operator==(const Write&) const = default;
  };
  int64_t epoch = 0;
  std::vector<Write> writes = {};  // one for each bucket
};

// `stored`: the fence's Leases as they are, whoever wrote them. The epoch, their leaseTransitions, is `at_least` or
// more.
FenceLeases RaiseFence(const std::vector<json::Value>& stored, const std::string& ns, const std::string& holder,
                       int64_t at_least, Time now);

}  // namespace coreflow::runs
