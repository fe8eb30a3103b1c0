#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "pkg/apiserver/audit.h"
#include "pkg/engine/pod_view.h"

namespace coreflow::sim {

// What one state of a pod says, as far as invariants go.
struct PodFacts {
  std::string uid = {};
  std::string key = {};  // "namespace/name"
  std::string owner_uid = {};
  std::string step = {};
  engine::AttemptFacts attempt = {};
  bool ours = false;       // it carries our labels and facts that can be read
  bool succeeded = false;  // by the kubelet's word
  bool over = false;       // nothing of it runs: it has ended, or its end is confirmed
  // Whose fault its end is, where that is beyond doubt: it was evicted; its command failed, and nobody wanted it gone.
  bool evicted = false;
  bool failed = false;
  bool wrote = false;              // outputs, whatever they say
  std::string large_outputs = {};  // their digest, where they are in the artifact store
  bool unfit = false;              // an artifact that it was to leave could not be kept
  bool ending = false;             // the operator ends it, and has said so on the pod
  bool deleting = false;
  bool held = false;  // our finalizer is on it
};

PodFacts FactsOf(const json::Value& pod);

// Whether that write was the operator's.
bool ByOperator(const apiserver::AuditEntry& entry);

}  // namespace coreflow::sim
