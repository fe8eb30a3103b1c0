#pragma once

#include <optional>

#include "pkg/api/types.gen.h"
#include "pkg/json/value.h"

namespace coreflow::artifact {

// What a command took of its machine, as coreflow-exec has seen it. As JSON, in its message and in records:
//
//   {"cpuMilliseconds":1520,"peakMemoryBytes":73400320}
using api::Usage;
json::Value ToJson(const Usage& usage);
// nullopt for anything else: others may have written it.
std::optional<Usage> ReadUsage(const json::Value& value);

}  // namespace coreflow::artifact
