#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "pkg/base/time.h"
#include "pkg/engine/cache_verdict.h"
#include "pkg/json/value.h"

namespace coreflow::engine {

// Labels, annotations and the finalizer that CoreFlow puts on a pod. Names are for ever.
inline constexpr char kLabelRun[] = "coreflow.dev/run-id";            // RunId(): which run of which object
inline constexpr char kLabelWorkflow[] = "coreflow.dev/workflow";     // the object's name, for people
inline constexpr char kLabelStep[] = "coreflow.dev/step";             // the step's name
inline constexpr char kLabelBucket[] = "coreflow.dev/bucket";         // FNV-1a 64 (namespace) mod 64
inline constexpr char kLabelEpoch[] = "coreflow.dev/epoch";           // the leader's epoch when it was created
inline constexpr char kLabelDone[] = "coreflow.dev/done";             // Succeeded or Failed, once its result is stored
inline constexpr char kAnnotationAttempt[] = "coreflow.dev/attempt";  // AttemptFacts as JSON
inline constexpr char kAnnotationEnding[] = "coreflow.dev/ending";    // EndingName: why CoreFlow ends it
inline constexpr char kFinalizer[] = "coreflow.dev/result";

// What the next decision about an item needs to know of its past. A pod carries it from its creation, so that it
// survives every restart without a write of its own.
struct AttemptFacts {
  int32_t run = 0;                         // number of the run
  int32_t attempt = 0;                     // from 1
  int32_t item = 0;                        // index in the step; 0 for a step without forEach
  int32_t failures = 0;                    // earlier attempts that used up retryPolicy.limit
  int32_t infrastructure_failures = 0;     // earlier attempts that used up infrastructureLimit
  std::optional<CacheVerdict> cache = {};  // of a step that has a cache: why it runs

  bool operator==(const AttemptFacts&) const = default;
};

json::Value ToJson(const AttemptFacts& facts);

// Why CoreFlow itself ends an attempt. Written to the pod before it is deleted, so that every later reader agrees.
enum class Ending { kNone, kTimeout, kStopped };
const char* EndingName(Ending ending);

// The fields of a pod that decisions use; everything else is dropped where the pod is read.
struct PodView {
  std::string name;
  std::string namespace_name;
  std::string uid;
  std::string resource_version;
  std::string owner_kind;  // of the controlling owner reference, as the next two
  std::string owner_name;
  std::string owner_uid;
  std::string run_id;                 // kLabelRun
  std::string step;                   // kLabelStep
  std::string done;                   // kLabelDone
  std::optional<AttemptFacts> facts;  // nullopt: absent or unreadable
  Ending ending = Ending::kNone;
  bool has_finalizer = false;
  std::optional<Time> creation_time;
  std::optional<Time> deletion_time;
  std::optional<int64_t> deletion_grace_seconds;

  std::string phase;    // Pending, Running, Succeeded, Failed, Unknown
  std::string reason;   // of the pod: Evicted, NodeLost, DeadlineExceeded, …
  std::string message;  // of the pod
  std::string node;
  std::string unschedulable_message;  // of condition PodScheduled=False, reason Unschedulable
  bool disrupted = false;             // condition DisruptionTarget=True

  // The step's own container, by name; init containers and sidecars only count.
  int32_t containers = 0;      // statuses seen, of all kinds; 0 before the kubelet has written any
  std::string waiting_reason;  // ContainerCreating, ErrImagePull, …
  std::string waiting_message;
  std::string init_failure;           // of an init container that ended with an error: what it said
  std::string failed_init_container;  // its name
  std::optional<Time> started_at;     // of the container, running or ended
  bool ended = false;                 // the container has ended
  std::optional<Time> finished_at;    // when, if the kubelet knows
  int32_t exit_code = 0;
  std::string exit_reason;  // Completed, Error, OOMKilled, ContainerCannotRun, …
  std::string termination_message;
  std::string image_id;  // of a step that has a cache: "docker.io/library/busybox@sha256:…"

  bool operator==(const PodView&) const = default;
};

// Name of the container that runs the step, and how those of CoreFlow's own begin.
inline constexpr char kMainContainer[] = "main";
inline constexpr char kCourierPrefix[] = "coreflow-";

// Reads a pod. Total: whatever is missing or of another type stays empty, since anybody may write to a pod.
PodView ParsePod(const json::Value& pod);

}  // namespace coreflow::engine
