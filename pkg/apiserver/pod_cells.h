#pragma once

#include <string_view>

#include "pkg/json/value.h"

namespace coreflow::apiserver {

// A cell of a pod's row in `kubectl get pods`, as printPod of Kubernetes' printers makes them: "ready of the pod"
// ("0/1"), "status of the pod" ("Running", "ImagePullBackOff", "Terminating"), "restarts of the pod".
json::Value PodCell(const json::Value& pod, std::string_view what);

}  // namespace coreflow::apiserver
