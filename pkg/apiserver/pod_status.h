#pragma once

#include <map>
#include <optional>
#include <string>

#include "pkg/base/time.h"
#include "pkg/json/value.h"

namespace coreflow::apiserver {

// The statuses that scheduler and kubelet 1.34 write, as functions from a pod to the pod with its new status. `now` is
// the time of the transition; a condition that stays as it was keeps its time. Pods start once (restartPolicy Never),
// but for sidecars: what is known of their restarts stays.

// What a terminated container looks like.
struct ContainerExit {
  int exit_code = 0;
  std::string reason = {};  // "Completed", "Error", "OOMKilled", "ContainerStatusUnknown"
  std::string message = {};
  Time started = {};
  Time finished = {};
};

// spec.nodeName and PodScheduled, as binding leaves them.
json::Value BoundPod(const json::Value& pod, const std::string& node, Time now);
// PodScheduled=False, Unschedulable.
json::Value UnschedulablePod(const json::Value& pod, const std::string& message, Time now);
// Pending, all containers waiting: ContainerCreating, or PodInitializing behind init containers.
json::Value CreatingPod(const json::Value& pod, const std::string& host_ip, Time now);
// Pending, the main containers, or the one named, waiting for this reason: ErrImagePull, ImagePullBackOff,
// CreateContainerConfigError.
json::Value WaitingPod(const json::Value& pod, const std::string& reason, const std::string& message, Time now,
                       const std::string& container = "");
// Running: init containers have ended well, sidecars and main containers run.
json::Value RunningPod(const json::Value& pod, const std::string& pod_ip, Time now);
// Succeeded when every main container ended with 0, else Failed. `exits` by container; of those it lacks nothing is
// known, but that they never started when an init container failed.
json::Value EndedPod(const json::Value& pod, const std::map<std::string, ContainerExit>& exits, Time now);
// The pod's own end on top of EndedPod: phase Failed with reason and message ("Evicted", "DeadlineExceeded").
json::Value FailedPod(const json::Value& pod, const std::string& reason, const std::string& message);
// With a sidecar whose `last` end was that, and which runs again since then; nullopt: it waits in CrashLoopBackOff.
json::Value WithRestart(const json::Value& pod, const std::string& sidecar, const ContainerExit& last,
                        std::optional<Time> since);
// With the imageID of containers, by name, that have started; empty ones are left alone.
json::Value WithImageIds(const json::Value& pod, const std::map<std::string, std::string>& ids);
// With one condition set, at `now` if its status changes.
json::Value WithCondition(const json::Value& pod, const char* type, bool status, const std::string& reason,
                          const std::string& message, Time now);

// What of a container's output the pod's status shows: of the last 4,096 bytes the first 12 KiB / containers, where
// every container of the pod counts.
std::string TerminationMessage(const std::string& output, size_t containers);
// All containers of a pod: main, init and ephemeral ones.
size_t ContainerCount(const json::Value& pod);

}  // namespace coreflow::apiserver
