#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "pkg/api/resolve.h"
#include "pkg/engine/action.h"
#include "pkg/engine/pod_view.h"

namespace coreflow::engine {

// Pods of an object that no Run looks after: of runs that have ended, of the run to be made, and of an object that is
// gone. Those whose run has ended are let go, for their results are stored, and swept. What news of a pod costs does
// not depend on how many there are. One thread.
class Leftovers {
 public:
  struct Rule {
    bool object_gone = false;  // every pod is deleted and let go
    int32_t last_run = 0;      // this and earlier runs have ended
    bool last_succeeded = false;
    api::PodCleanup cleanup = api::PodCleanup::kOnSuccess;

    bool operator==(const Rule&) const = default;
  };

  void Observe(const PodView& pod);
  // The pod with this UID no longer exists.
  void ObserveGone(const std::string& name, const std::string& uid);
  // No pod of this name exists.
  void ObserveAbsent(const std::string& name) { Erase(name); }
  // Takes out the pods of a run, for the Run that looks after them from now on.
  std::vector<PodView> Take(const std::string& run_id);
  // Pods, by UID, that were swept already.
  void NoteSwept(std::set<std::string> uids) { swept_.merge(uids); }

  // Asks once for each pod; looks at those with news, or at all when the rule is another than before. `succeeded` gives
  // the names of the last run's pods that succeeded by its records.
  void Decide(const Rule& rule, const std::function<std::set<std::string>()>& succeeded, Actions& actions);

  // Whether any of them still has our finalizer.
  bool HoldsAny() const { return held_ > 0; }

 private:
  bool Ended(const PodView& pod) const;
  void LetGo(const PodView& pod, bool succeeded, Actions& actions);
  bool IsToBeSwept(const PodView& pod) const;
  void Erase(const std::string& name);

  Rule rule_;
  std::map<std::string, PodView> pods_;
  int64_t held_ = 0;               // of pods_: with our finalizer
  std::set<std::string> news_;     // names in pods_ that were not looked at since they changed
  std::set<std::string> removed_;  // UIDs, of pods that exist; so are the next two
  std::set<std::string> let_go_;
  std::set<std::string> swept_;
};

}  // namespace coreflow::engine
