#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "pkg/api/run_name.h"
#include "pkg/base/time.h"
#include "pkg/engine/contents.h"
#include "pkg/engine/item.h"
#include "pkg/engine/pod_view.h"
#include "pkg/engine/step_key.h"
#include "pkg/json/value.h"

namespace coreflow::engine {

// Something the engine wants done. Plain values; the reactor turns each into a request, in any order: what must come
// first is observed before the engine asks for what comes after. Each is answered by an observation.

// Create the pod of an attempt. `pod` is the whole manifest; its name is a function of what it stands for, so a second
// create finds the first. Answers: PodSeen (created, or it was there and is ours), PodRefused.
struct CreatePod {
  std::string name;
  json::Value pod;

  bool operator==(const CreatePod&) const = default;
};

// End a running attempt: first write the reason to the pod (kAnnotationEnding, at this resourceVersion), then delete it
// with its grace period. Answers: PodSeen.
struct EndPod {
  std::string name;
  std::string uid;
  std::string resource_version;
  Ending ending = Ending::kNone;
  bool annotated = false;  // the reason stands there already: only delete

  bool operator==(const EndPod&) const = default;
};

// Delete a pod that nobody wants, whatever it does. Its finalizer keeps it until ReleasePod. Answers: PodSeen or
// PodGone.
struct RemovePod {
  std::string name;
  std::string uid;

  bool operator==(const RemovePod&) const = default;
};

// Let go of a pod whose result is stored, or which is being deleted and nobody wants: remove the finalizer and set
// kLabelDone. Answers: PodSeen or PodGone.
struct ReleasePod {
  std::string name;
  std::string uid;
  std::string done;  // Succeeded or Failed

  bool operator==(const ReleasePod&) const = default;
};

// Delete the pods of a run that carry one of these kLabelDone values, all at once. Needs no answer.
struct SweepPods {
  std::string run_id;
  std::vector<std::string> done;

  bool operator==(const SweepPods&) const = default;
};

// Delete the records of a run that the object's status names no more. Needs no answer.
struct SweepRecords {
  std::string run_id;

  bool operator==(const SweepRecords&) const = default;
};

// Ask the API server itself for this pod. Answers: PodSeen or PodAbsent.
struct LookUpPod {
  std::string name;

  bool operator==(const LookUpPod&) const = default;
};

// Ask the API server itself for the object. Answers: ObjectSeen or ObjectGone.
struct LookUpObject {
  bool operator==(const LookUpObject&) const = default;
};

// Ask for a run that has ended, of an object of this kind in this namespace. Answer: RunLookedUp.
struct LookUpRun {
  api::RunName run;

  bool operator==(const LookUpRun&) const = default;
};

// Ask the step cache for the result of an item. `of` names the item for good: its first attempt's pod. Answer:
// CacheAnswered, once, unless LeaveCache comes before it. While another item computes the same, there is none. With
// contents KeepInCache or LeaveCache must follow, whatever the answer: the cache remembers what they were.
struct LookUpCache {
  std::string of;
  StepKey key;
  std::vector<Content> contents = {};  // that the item is given; parts of the key, too
  std::string nearest;                 // what a miss is explained against: the last of the namespace with the same text
  bool refresh = false;
  std::optional<Duration> max_age;

  bool operator==(const LookUpCache&) const = default;
};

// The item computes what has this key since before we began to lead: others wait for it. What its contents were is not
// known, whatever was looked up since. Needs no answer.
struct ComputeForCache {
  std::string of;
  std::string key;

  bool operator==(const ComputeForCache&) const = default;
};

// Keep the result of an item that has computed it. Needs no answer; ends what LookUpCache or ComputeForCache began.
struct KeepInCache {
  std::string of;
  StepKey key;
  std::vector<Content> contents = {};  // kept only if they are what they were when the item was looked up
  std::string nearest;
  std::string image_id;  // as the item's pod had it
  std::string run;       // "NAME/3"
  ItemResult result;

  bool operator==(const KeepInCache&) const = default;
};

// The item wants no answer any more, and computes nothing that others could wait for. Needs no answer.
struct LeaveCache {
  std::string of;

  bool operator==(const LeaveCache&) const = default;
};

// Get what a step of this namespace wrote as its outputs, which the artifact store has. Answer: OutputsLoaded.
struct LoadOutputs {
  std::string digest;  // SHA-256: 64 lower-case hexadecimal digits

  bool operator==(const LoadOutputs&) const = default;
};

// Create a record, once: what is stored under that name is the truth, whoever wrote it. Answer: RecordSeen.
struct WriteRecord {
  int32_t run = 0;
  int32_t index = 0;
  std::string name;
  json::Value body;  // the fields beside apiVersion, kind and metadata

  bool operator==(const WriteRecord&) const = default;
};

// Replace the object's status, at the resourceVersion it was decided on. Answers: ObjectSeen; StatusRefused when the
// object changed meanwhile or the status was not accepted.
struct WriteStatus {
  std::string resource_version;
  json::Value status;

  bool operator==(const WriteStatus&) const = default;
};

// Delete the object itself, at this resourceVersion: its time to live has passed. Answer: ObjectGone or ObjectSeen.
struct DeleteObject {
  std::string resource_version;

  bool operator==(const DeleteObject&) const = default;
};

// Tell people: one Kubernetes event on the object. Needs no answer.
struct EmitEvent {
  bool warning = false;
  std::string reason;
  std::string message;

  bool operator==(const EmitEvent&) const = default;
};

// Call Decide again at this time if nothing else happens before.
struct WakeAt {
  Time time;

  bool operator==(const WakeAt&) const = default;
};

using Action = std::variant<CreatePod, EndPod, RemovePod, ReleasePod, SweepPods, SweepRecords, LookUpPod, LookUpObject,
                            LookUpRun, LookUpCache, ComputeForCache, KeepInCache, LeaveCache, LoadOutputs, WriteRecord,
                            WriteStatus, DeleteObject, EmitEvent, WakeAt>;
using Actions = std::vector<Action>;

// One line for logs and test failures: "CreatePod a-split-0-k3…".
std::string Describe(const Action& action);
void PrintTo(const Action& action, std::ostream* out);

}  // namespace coreflow::engine
