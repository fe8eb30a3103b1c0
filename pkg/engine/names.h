#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace coreflow::engine {

// Names are functions of what they stand for, so that making one twice finds the first. They are for ever: a newer
// operator must find what an older one made.

// The id of a run, fit for a label: a hash of the object's UID and the run's number.
std::string RunId(std::string_view uid, int32_t run);

// The pod of one attempt. Starts with the object's and the step's names for people, cut so that the whole has at most
// 63 characters; the hash at its end tells UID, run, step, item and attempt apart.
std::string PodName(std::string_view object_name, std::string_view uid, int32_t run, std::string_view step,
                    int32_t item, int32_t attempt);

// Record `index` of a run; index 0 pins what the run was started with.
std::string RecordName(std::string_view object_name, std::string_view uid, int32_t run, int32_t index);

// The shard of a namespace: FNV-1a 64 modulo kBuckets, for ever.
inline constexpr int32_t kBuckets = 64;
int32_t Bucket(std::string_view namespace_name);

// The Lease in a namespace whose holder is the install that acts there, and the field selector of all of them.
inline constexpr char kClaimName[] = "coreflow-claim";
inline constexpr char kOnlyClaims[] = "metadata.name=coreflow-claim";

}  // namespace coreflow::engine
