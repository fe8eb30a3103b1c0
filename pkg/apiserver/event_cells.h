#pragma once

#include <string_view>

#include "pkg/base/time.h"
#include "pkg/json/value.h"

namespace coreflow::apiserver {

// A cell of `kubectl get events` that no path says: "last seen of the event", "object of the event" …, of an event as
// it is stored.
json::Value EventCell(const json::Value& event, std::string_view what, Time now);

}  // namespace coreflow::apiserver
