#pragma once

#include <cstddef>
#include <cstdint>

// How much there may be of what. A limit may be raised in a later version, never lowered. Lengths of lists and plain
// numbers are in the CRDs, and from there in Fields() of the types; here are those that a schema cannot say.
namespace coreflow::api::limits {

inline constexpr size_t kObjectName = 63;                 // characters: it becomes the value of a label
inline constexpr size_t kScriptBytes = size_t{64} << 10;  // of one script
inline constexpr size_t kValueBytes = size_t{64} << 10;   // of one value as JSON: parameter, argument, output
inline constexpr size_t kSpecBytes = size_t{200} << 10;   // of a spec as compact JSON
// Of all environment of one container; a spec is smaller, a run's values need not be.
inline constexpr size_t kEnvBytes = size_t{512} << 10;
inline constexpr int64_t kItems = 1'000'000;               // of a forEach, or completions of a Job
inline constexpr size_t kStatusBytes = size_t{64} << 10;   // of a status as JSON
inline constexpr size_t kRecordBytes = size_t{256} << 10;  // of a WorkflowRecord as JSON
inline constexpr size_t kStatusSteps = 100;                // of status.steps
inline constexpr size_t kPreviousRuns = 10;                // of status.previousRuns

}  // namespace coreflow::api::limits
