#pragma once

#include <string>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/base/time.h"
#include "pkg/cli/session.h"

namespace coreflow::cli {

// An event as it is shown.
struct EventLine {
  Time last = {};
  int64_t count = 1;
  bool warning = false;
  std::string reason = {};
  std::string message = {};
};

// The events of an object, the oldest first; none when they may not be read.
Result<std::vector<EventLine>> EventsOf(Session& session, const kube::ObjectKey& key, const std::string& uid);

}  // namespace coreflow::cli
