#pragma once

#include "pkg/base/result.h"

namespace coreflow::cli {

// What the program ends with; scripts rely on them for ever.
inline constexpr int kDone = 0;
inline constexpr int kError = 1;
inline constexpr int kWrongUse = 2;
inline constexpr int kRunFailed = 3;
inline constexpr int kRunStopped = 4;
inline constexpr int kTimedOut = 5;  // the run still goes on
inline constexpr int kNothingFound = 6;
inline constexpr int kDenied = 7;
inline constexpr int kUnreachable = 8;
inline constexpr int kInterrupted = 130;

constexpr int ExitCodeOf(Code code) {
  switch (code) {
    case Code::kNotFound: return kNothingFound;
    case Code::kForbidden:
    case Code::kUnauthorized: return kDenied;
    case Code::kUnavailable:
    case Code::kTooMany: return kUnreachable;
    case Code::kCancelled: return kInterrupted;
    case Code::kInvalid:
    case Code::kAlreadyExists:
    case Code::kConflict:
    case Code::kGone:
    case Code::kInternal: return kError;
  }
  return kError;
}

}  // namespace coreflow::cli
