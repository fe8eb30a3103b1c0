#pragma once

#include <string_view>

#include "pkg/base/result.h"
#include "pkg/executor/message.h"

namespace coreflow::executor {

// What the courier's line means, when it has or has not got all of the artifact. kUnavailable when it is to be tried
// again, kInvalid when that would not help; the message is the courier's.
Result<Stored> ReadAnswer(std::string_view line, bool complete);

}  // namespace coreflow::executor
