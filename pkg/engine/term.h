#pragma once

#include <cstdint>
#include <memory>

#include "pkg/base/time.h"
#include "pkg/engine/courier_setup.h"

namespace coreflow::engine {

// A term of leadership, as engines see it.
struct Term {
  // Grows with every term. Pods carry it, and so does the status: whoever has an earlier one leads no more.
  int64_t epoch = 0;
  // A former leader's last requests may still take effect until then.
  Time settled_at = {};
  // Whether the API server refuses what a former leader sends, or there can be none. If not, each run says so.
  bool fenced = true;
  // What steps with artifacts need; null: there is no store for them.
  std::shared_ptr<const CourierSetup> courier = {};
  // Whether runs are part of a trace, and their steps are told which.
  bool traced = false;
};

}  // namespace coreflow::engine
