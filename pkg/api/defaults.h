#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "pkg/api/types.gen.h"

// CoreFlow's defaults, for ever: a value equal to its default is not in a run's digest, so changing one here would
// rerun every workflow of every user. The CRDs' descriptions name the same values.
namespace coreflow::api::defaults {

inline constexpr bool kFailFast = true;
inline constexpr RunAfter kRunAfter = RunAfter::kSucceeded;
inline constexpr bool kContinueOnFailure = false;
inline constexpr OnChange kOnChange = OnChange::kRunAfter;
inline constexpr Stop kStop = Stop::kNone;
inline constexpr bool kSuspend = false;
inline constexpr int64_t kPriority = 0;
inline constexpr int64_t kJobParallelism = 1;
inline constexpr int64_t kCompletions = 1;
inline constexpr int64_t kMaxFailedIndexes = 0;
inline constexpr PodCleanup kPodCleanup = PodCleanup::kOnSuccess;
inline constexpr ValueType kValueType = ValueType::kString;
inline constexpr bool kAutomountServiceAccountToken = false;
// The script is one more argument.
inline constexpr std::array<std::string_view, 2> kInterpreter = {"sh", "-ec"};
inline constexpr int64_t kFinallyTimeoutSeconds = 3600;  // of a step in finally; others have none

inline constexpr int64_t kRetryLimit = 0;
inline constexpr int64_t kBackoffSeconds = 5;
inline constexpr int64_t kBackoffFactorPercent = 200;
inline constexpr int64_t kMaxBackoffSeconds = 300;
inline constexpr std::array<RetryOn, 3> kRetryOn = {RetryOn::kFailure, RetryOn::kOutOfMemory, RetryOn::kTimeout};
inline constexpr int64_t kInfrastructureLimit = 3;

inline constexpr CacheMode kCacheMode = CacheMode::kNever;

inline constexpr Archive kArchive = Archive::kNone;
inline constexpr bool kArtifactOptional = false;
inline constexpr bool kArchiveLogs = false;
inline constexpr bool kLarge = false;  // of an output

}  // namespace coreflow::api::defaults
