#pragma once

#include <vector>

#include "pkg/apiserver/failure.h"
#include "pkg/json/value.h"

namespace coreflow::apiserver {

// The pod with the defaults that the API has for its fields.
json::Value DefaultPod(const json::Value& pod);

// A new pod as the server stores it: defaults filled in, status Pending with its QoS class, whatever the request said.
json::Value PreparePod(const json::Value& pod);

// What is wrong with a new pod's spec: containers without a name or image, doubled names, unknown restart policies.
// Only what a workflow engine can get wrong; the real server checks far more.
std::vector<Cause> CheckPod(const json::Value& pod);

// What is wrong with an update: of a pod's spec nothing may change but images and activeDeadlineSeconds (only down), of
// its status not the QoS class. The real server also takes new tolerations; nothing here adds any.
std::vector<Cause> CheckPodUpdate(const json::Value& pod, const json::Value& old);

// The new state for PUT and PATCH of …/status: spec and owners as they were, status, labels, annotations and
// finalizers as asked.
json::Value PreparePodStatus(const json::Value& pod, const json::Value& old);

}  // namespace coreflow::apiserver
