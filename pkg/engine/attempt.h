#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pkg/engine/item.h"
#include "pkg/engine/observation.h"
#include "pkg/engine/outcome.h"
#include "pkg/engine/pod_view.h"
#include "pkg/engine/recorder.h"

namespace coreflow::engine {

// One attempt that is known: its pod is asked for, seen, or waited for until it may be asked for.
struct Attempt {
  AttemptFacts facts = {};
  std::string pod_name = {};
  std::optional<PodView> pod = {};  // as last seen; nullopt before
  bool asked = false;               // CreatePod is on its way
  int32_t denials = 0;              // by quota, one after another
  std::string denied_because = {};
  std::optional<PodRefused> refused = {};
  Ending want = Ending::kNone;
  std::string end_sent_at = {};  // resourceVersion that EndPod was last decided on
  bool absent = false;           // the API server has no such pod
  bool lookup_sent = false;
  std::vector<HeldPod> earlier = {};           // pods of failed attempts, kept until this one's exists
  std::optional<ItemResult> last_result = {};  // of the failed attempt before this one
  Time asked_at = {};
  bool looking = false;                       // LookUpCache is on its way
  bool remembered = false;                    // the step cache remembers what the item's contents were
  std::optional<CacheAnswered> answer = {};   // to that
  std::optional<OutputsLoaded> outputs = {};  // that are large
  bool loading = false;                       // LoadOutputs is on its way
};

// Why an attempt does not run yet; nullopt when it does.
std::optional<Waiting> WaitingOf(const Attempt& attempt);

}  // namespace coreflow::engine
