#pragma once

#include <string>
#include <vector>

#include "pkg/apiserver/resource.h"
#include "pkg/apiserver/store.h"
#include "pkg/base/time.h"
#include "pkg/json/value.h"

namespace coreflow::apiserver {

// What goes into a row beside its cells.
enum class RowObject { kNone, kMetadata, kWhole };

// The object as `kubectl get` shows it (meta.k8s.io/v1 Table), one row for each of `items`; `metadata` is the list's.
json::Value TableOf(const Resource& resource, const std::vector<VersionPtr>& items, json::Object metadata,
                    RowObject object, Time now);

// How long ago a time was that an object says (RFC 3339); "<unknown>" when it says none.
std::string AgeOf(const json::Value& text, Time now);

// "45s", "3m20s", "5h", "2d3h": as kubectl writes how long something took (k8s.io/apimachinery HumanDuration).
std::string HumanDuration(Duration duration);

}  // namespace coreflow::apiserver
