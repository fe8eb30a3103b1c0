#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "pkg/json/value.h"

namespace coreflow::engine {

// What the step cache says of an item. A record keeps it, and so does the pod of an item that runs.
struct CacheVerdict {
  enum class Decision : uint8_t {
    kHit,           // the result was taken from the cache
    kMiss,          // it was not there
    kRefreshed,     // it was not looked for, as the step asks
    kNotCacheable,  // what the step is given does not tell what it computes
  };

  Decision decision = Decision::kMiss;
  std::string key = {};       // DigestOf(), with the image's digest in the place of its name; empty: it has none
  std::string because = {};   // why it was not there, against what is most like it; why it has no key
  std::string from = {};      // of a hit: the run that computed it, "NAME/3"
  int64_t saved_seconds = 0;  // of a hit: how long that took

  bool operator==(const CacheVerdict&) const = default;
};

const char* DecisionName(CacheVerdict::Decision decision);

// As records and pods have it, and back; nullopt when it is not one.
json::Value ToJson(const CacheVerdict& verdict);
std::optional<CacheVerdict> ReadCacheVerdict(const json::Value& value);

}  // namespace coreflow::engine
