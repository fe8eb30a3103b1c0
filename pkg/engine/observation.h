#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>

#include "pkg/api/run_name.h"
#include "pkg/base/time.h"
#include "pkg/engine/item.h"
#include "pkg/engine/pod_view.h"
#include "pkg/json/value.h"

namespace coreflow::engine {

enum class Kind { kWorkflow, kJob };
const char* KindName(Kind kind);

// A Workflow or Job as it was read. Spec and status stay JSON: they are somebody else's until they are checked.
struct ObjectView {
  Kind kind = Kind::kWorkflow;
  std::string name = {};
  std::string generate_name = {};  // what the API server made the name from
  std::string namespace_name = {};
  std::string uid = {};
  std::string resource_version = {};
  int64_t generation = 0;
  Time creation_time = {};
  bool deleting = false;           // it has a deletionTimestamp
  bool tracked_by_gitops = false;  // Argo CD, Flux or Helm manage it
  // Annotation coreflow.dev/run-requested-at, cut to 64 characters: any value that no run has found yet asks for a run.
  std::string run_requested_at = {};
  // Annotation coreflow.dev/retry-from: JSON as spec.retryFrom, with `requestedAt`. It goes with the request for a run
  // that has this value, and with no other.
  std::string retry_from = {};
  // Annotation coreflow.dev/traceparent, as it stands there, cut to 64 characters: the trace that runs started from now
  // on are part of.
  std::string traceparent = {};
  json::Value spec = {};
  json::Value status = {};

  bool operator==(const ObjectView&) const = default;
};

// Reads a Workflow or Job. Total: whatever is missing or of another type stays empty.
ObjectView ParseObject(Kind kind, const json::Value& object);

// Something the engine is told. Any of them may come late, twice or again after newer ones.

// The object as it is now: from the watch, or the answer to a write.
struct ObjectSeen {
  ObjectView object;
};
// The object is gone for good: its UID no longer exists.
struct ObjectGone {};
// Answer to LookUpRun: the run and all its records, by index, or why it can't be continued.
struct RunLookedUp {
  api::RunName asked;
  std::string problem = {};  // empty: the rest is there
  int32_t number = 0;
  std::string uid = {};     // of its object
  Time creation_time = {};  // of the same
  std::map<int32_t, json::Value> records = {};
  std::map<std::string, std::string> outputs = {};  // large ones that could be had, by the digest in the records
};
// Answer to LookUpCache. Of a hit, the outputs, exit code and times of the item that computed it.
struct CacheAnswered {
  std::string of;
  CacheVerdict verdict;
  ItemResult result;

  bool operator==(const CacheAnswered&) const = default;
};
// Answer to LoadOutputs: the text, or why it can't be had.
struct OutputsLoaded {
  std::string digest;
  std::string text = {};
  std::string problem = {};  // empty: the text is whole

  bool operator==(const OutputsLoaded&) const = default;
};
// A record as it is stored: from the watch, or the answer to WriteRecord. `body` has the fields beside metadata.
struct RecordSeen {
  int32_t run = 0;
  int32_t index = 0;
  json::Value body;
};
// A pod as it is now: from the watch, or the answer to a write.
struct PodSeen {
  PodView pod;
};
// The pod with this UID no longer exists.
struct PodGone {
  std::string name;
  std::string uid;
};
// Answer to LookUpPod: the API server has no pod of that name, or one that is not ours.
struct PodAbsent {
  std::string name;
};
// Answer to CreatePod when no pod of ours exists.
struct PodRefused {
  enum class Why { kQuota, kInvalid, kForbidden, kNameTaken };
  std::string name;
  Why why = Why::kInvalid;
  std::string message;
};
// A create of ours got no answer: it may still take effect, even after its pod was made by another request and is gone.
struct CreateUnsure {};
// Answer to WriteStatus when it was not taken. After a conflict, ObjectSeen with the newer object follows.
struct StatusRefused {
  bool conflict = false;
  std::string message;
};
// The first lists of pods, records and objects, taken in this order, are complete. Before it, nothing is decided.
struct Synced {};

using Observation = std::variant<ObjectSeen, ObjectGone, RunLookedUp, CacheAnswered, OutputsLoaded, RecordSeen, PodSeen,
                                 PodGone, PodAbsent, PodRefused, CreateUnsure, StatusRefused, Synced>;

}  // namespace coreflow::engine
