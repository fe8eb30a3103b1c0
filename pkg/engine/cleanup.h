#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "pkg/api/types.gen.h"
#include "pkg/base/time.h"
#include "pkg/engine/action.h"
#include "pkg/engine/pod_view.h"
#include "pkg/engine/recorder.h"

namespace coreflow::engine {

// Lets go of the pods of one run: takes their finalizer off once what they show is stored elsewhere, and has those that
// are let go deleted, many at once. While the run goes on this waits a little, since it costs the API server as much as
// starting a pod does, and nobody waits for it.
class Cleanup {
 public:
  Cleanup(std::string run_id, api::PodCleanup policy);

  // The pod's result is stored, or nobody wants it: it goes when there is time. Twice is once.
  void Release(const HeldPod& pod);
  // The pod runs and should not: it is deleted at once, and goes when that was seen.
  void Remove(const HeldPod& pod);

  // Whether it waits to be let go, or was asked for and not seen yet.
  bool Releasing(const std::string& name) const { return releasing_.contains(name); }

  // A pod without our finalizer was seen. Twice is once.
  void Released(const PodView& pod);
  // The pod is gone. Gives whether it was being let go.
  bool Gone(const std::string& name, const std::string& uid);
  void Absent(const std::string& name) { Forget(name); }

  // The pod is being deleted: somebody waits for it, so it goes as soon as it may.
  void Hurry(const std::string& name);

  // With PodCleanup OnSuccess, pods of failed attempts go too, now that nobody needs them to find out why.
  void RunSucceeded();

  // `busy`: the run goes on, and somebody may wait for it.
  void Decide(Time now, bool busy, Actions& actions);
  // When Decide would do something although nothing more is seen.
  std::optional<Time> NextWake() const;

  // Nothing is left to do.
  bool Idle() const { return releasing_.empty() && unswept_ == 0; }
  // What is not known to be let go.
  std::vector<HeldPod> Held() const;
  // UIDs of pods that were swept, or are next, and not seen to go.
  std::set<std::string> Swept() const;

 private:
  struct Waiting {
    ReleasePod action;
    std::optional<Time> since;  // of the first Decide after it came
  };

  bool Sweeps(const std::string& done) const;
  void Add(const HeldPod& pod, bool remove);
  bool Forget(const std::string& name);
  void Sweep(Time now, bool busy, Actions& actions);

  const std::string run_id_;
  api::PodCleanup policy_;
  std::deque<Waiting> waiting_;
  std::vector<ReleasePod> urgent_;
  std::vector<RemovePod> unwanted_;
  std::map<std::string, ReleasePod> removed_;  // by name: asked to be deleted, and not seen so
  std::set<std::string> hurried_;
  std::map<std::string, HeldPod> releasing_;     // by name: all that waits or was asked for
  std::map<std::string, std::string> labelled_;  // by UID: kLabelDone of pods that were let go and are still there
  int64_t unswept_ = 0;                          // pods that are labelled done and wait for the next sweep
  int64_t kept_ = 0;                             // pods that are labelled done and are not to be swept
  std::optional<Time> last_sweep_;
};

}  // namespace coreflow::engine
