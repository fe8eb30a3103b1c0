#include "pkg/engine/cache_verdict.h"

#include <algorithm>

namespace coreflow::engine {

using Decision = CacheVerdict::Decision;

const char* DecisionName(Decision decision) {
  switch (decision) {
    case Decision::kHit: return "Hit";
    case Decision::kMiss: return "Miss";
    case Decision::kRefreshed: return "Refreshed";
    case Decision::kNotCacheable: return "NotCacheable";
  }
  return "";
}

json::Value ToJson(const CacheVerdict& verdict) {
  json::Object object{{"decision", DecisionName(verdict.decision)}};
  if (!verdict.key.empty()) object["key"] = verdict.key;
  if (!verdict.because.empty()) object["because"] = verdict.because;
  if (!verdict.from.empty()) object["from"] = verdict.from;
  if (verdict.saved_seconds > 0) object["savedSeconds"] = verdict.saved_seconds;
  return object;
}

std::optional<CacheVerdict> ReadCacheVerdict(const json::Value& value) {
  for (Decision decision : {Decision::kHit, Decision::kMiss, Decision::kRefreshed, Decision::kNotCacheable}) {
    if (value["decision"].StringOr("") != DecisionName(decision)) continue;
    return CacheVerdict{.decision = decision,
                        .key = value["key"].StringOr(""),
                        .because = value["because"].StringOr(""),
                        .from = value["from"].StringOr(""),
                        .saved_seconds = std::max<int64_t>(0, value["savedSeconds"].IntOr(0))};
  }
  return std::nullopt;
}

}  // namespace coreflow::engine
