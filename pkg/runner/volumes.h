#pragma once

#include <string>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/json/value.h"
#include "pkg/runner/mount_plan.h"
#include "pkg/runner/variables.h"

namespace coreflow::runner {

// What of the host pods may see.
struct HostPaths {
  std::vector<std::string> roots = {};  // absolute; a hostPath must be one of them or below
};

// Makes the pod's volumes in `folder`, which is the pod's own: emptyDir, configMap, secret, projected from those, and
// hostPath below an allowed root. kNotFound when a ConfigMap or Secret is missing, kInvalid for any other kind.
Result<void> MakeVolumes(const json::Value& pod, const std::string& folder, const HostPaths& allowed,
                         const Lookup& lookup);

// Removes what MakeVolumes has made. REQUIRES: nothing of the pod runs.
void RemoveVolumes(const std::string& folder);

// What a container mounts of them, and where. REQUIRES: they were made.
Result<std::vector<Mount>> MountsOf(const json::Value& pod, const json::Value& container, const std::string& folder);

}  // namespace coreflow::runner
