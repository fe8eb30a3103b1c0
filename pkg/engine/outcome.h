#pragma once

#include <optional>
#include <span>
#include <string>

#include "pkg/api/reasons.h"
#include "pkg/artifact/artifact.h"
#include "pkg/artifact/usage.h"
#include "pkg/engine/pod_view.h"
#include "pkg/graph/graph.h"
#include "pkg/json/value.h"

namespace coreflow::engine {

// How an attempt ended.
struct Outcome {
  enum class Kind {
    kSucceeded,
    kFailure,         // the command failed: uses up retryPolicy.limit if retryOn has Failure
    kOutOfMemory,     // the same, if retryOn has OutOfMemory
    kTimeout,         // the same, if retryOn has Timeout
    kInfrastructure,  // node, eviction, deletion: uses up infrastructureLimit
    kStopped,         // ended by us because the run ends
    kRejected,        // the cluster will never take this pod: no other attempt
  };
  Kind kind = Kind::kSucceeded;
  api::Reason reason = api::Reason::kSucceeded;
  std::string message = {};
  std::optional<int32_t> exit_code = {};
  json::Object outputs = {};
  artifact::Artifacts artifacts = {};
  std::optional<artifact::Usage> usage = {};  // where coreflow-exec ran the command

  bool operator==(const Outcome&) const = default;
};

// What the pod says of its attempt, or nullopt while it is not over. Only what can no longer change counts: a terminal
// phase, or a deletion that the kubelet or an administrator has confirmed (grace period 0).
// Outputs that are large are in none of it: then the artifacts have kOutputsArtifact, which names them. They have
// kLogArtifact where the step keeps logs and this one could be kept, however the attempt ended.
std::optional<Outcome> Judge(const PodView& pod, const graph::Step& step);

// Why a pod that has not ended does not run yet; nullopt once its container runs. The message has the numbers.
struct Waiting {
  api::Reason reason = api::Reason::kStarting;
  std::string message = {};

  bool operator==(const Waiting&) const = default;
};
std::optional<Waiting> WhyWaiting(const PodView& pod);

}  // namespace coreflow::engine
