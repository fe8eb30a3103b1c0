#pragma once

namespace coreflow {

// Says on stderr which invariant broke, and aborts. State is in the cluster, so a restart is cheap; going on is not.
[[noreturn]] void CheckFailed(const char* file, int line, const char* condition, const char* why);

}  // namespace coreflow

// CHECK(condition, "why it must hold"): for broken invariants only; bad input is never a reason to abort.
#define CHECK(condition, why) \
  ((condition) ? static_cast<void>(0) : ::coreflow::CheckFailed(__FILE__, __LINE__, #condition, why))
