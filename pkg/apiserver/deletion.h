#pragma once

#include <optional>
#include <string>

#include "pkg/apiserver/failure.h"
#include "pkg/base/time.h"
#include "pkg/json/value.h"

namespace coreflow::apiserver {

// metav1.DeleteOptions.
struct DeleteOptions {
  std::optional<int64_t> grace_period_seconds = {};
  std::string uid = {};               // precondition, if not empty
  std::string resource_version = {};  // precondition, if not empty
  std::string propagation = {};       // "Background", "Foreground", "Orphan"; empty: as the object says
  bool dry_run = false;
};

Outcome<DeleteOptions> ParseDeleteOptions(const json::Value& options);

// What a delete does to an object. The rules are those of k8s.io/apiserver (registry/rest BeforeDelete and
// registry/generic Store.Delete) and of the pod strategy: a pod goes at once when it has no node or has ended,
// otherwise the kubelet gets its grace period; finalizers hold any object.
struct DeletePlan {
  // Stored first; null when the object stays as it is.
  json::Value marked = {};
  // Then, or at once, it is removed.
  bool remove = false;
};
Outcome<DeletePlan> PlanDelete(const Resource& resource, const json::Value& object, const DeleteOptions& options,
                               Time now);

// Whether an update that leaves `object` finishes the delete that was waiting for its finalizers.
bool EndsDeletion(const json::Value& object, const json::Value& old);

}  // namespace coreflow::apiserver
