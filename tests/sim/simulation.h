#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pkg/reactor/virtual_loop.h"
#include "pkg/simulation/cluster.h"
#include "pkg/simulation/fence_policies.h"
#include "tests/sim/checker.h"
#include "tests/sim/couriers.h"
#include "tests/sim/faulty_entries.h"
#include "tests/sim/phases.h"
#include "tests/sim/process.h"
#include "tests/sim/script.h"
#include "tests/sim/simulated_store.h"
#include "tests/sim/story.h"
#include "tests/sim/sweeping_store.h"
#include "tests/sim/tally.h"

namespace coreflow::sim {

// The operator's real core over the fake cluster, in virtual time, on one thread, with the checker looking on: the
// stage. What happens on it is for Play and the tests to say. The same seed and the same calls give the same run.
class Simulation {
 public:
  struct Options {
    uint64_t seed = 1;
    int processes = 1;
    bool installs = false;  // each process is an install of its own, none a replica of another
    simulation::FaultRates rates = {};
    simulation::Faults* faults = nullptr;                   // if not null, instead of random ones
    Duration most_clock_error = {};                         // of each process, both ways
    Duration least_pause = std::chrono::milliseconds(100);  // between a process' death and its next life
    Duration most_pause = std::chrono::seconds(40);
    std::optional<Duration> fence_lag = {};  // how far API servers may be behind the fence; nullopt: there is none
    int store_faults = 0;                    // out of 1,000 calls of the store
    int sweep_crashes = 0;                   // out of 1,000 calls of a sweep
    int crash_again = 0;                     // out of 1,000: a new life has a crash ahead
    simulation::PodScript script = {};       // empty: Script's, and couriers
    bool trace = false;
  };

  explicit Simulation(const Options& options);
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  reactor::VirtualLoop& loop() { return loop_; }
  simulation::Cluster& cluster() { return cluster_; }
  SimulatedStore& store() { return store_; }
  std::vector<std::unique_ptr<Process>>& processes() { return processes_; }

  // Its first life; when it dies it is started anew.
  void StartProcess(Process& process, std::optional<CrashPlan> plan);
  CrashPlan RandomPlan();
  // Dies now.
  void Crash(Process& process);

  // What befalls; counted, and told in the story. `phases` are those of the pods that it hits; without, it is counted
  // for the phases that any pod is in.
  void Strike(const std::string& name, const std::string& what, const PodPhaseSet& phases);
  void Strike(const std::string& name, const std::string& what) { Strike(name, what, phases().Present()); }
  // Something of that name may: it is among the strikes, though it never comes.
  void MayStrike(const std::string& name) { strikes_.try_emplace(name); }

  // The phases of pods, as of now.
  const PodPhases& phases();

  // From now on most writes that can conflict do; or no more than by chance.
  void SetConflictStorm(bool storm) { network_.SetConflicts(storm ? std::optional(900) : std::nullopt); }

  // At most so many pods at once in a namespace; nullopt: no limit.
  void SetQuota(std::optional<int> pods) { quota_ = pods; }

  // Lets time pass, with the checker looking at every write.
  void Advance(Duration span);
  // Until it holds, at most so long; gives whether it does.
  bool AdvanceUntil(const std::function<bool()>& holds, Duration most);

  // From here on nothing fails: the network, nodes and processes recover, new pods start, what is suspended goes on.
  void Heal();

  // Nobody runs the operator for longer than a sweep spares anything, and nothing else happens. Then it runs again, and
  // has old artifacts to look at. REQUIRES: ExpectRunsEnd() was called.
  void SwitchOffForADay();

  // The ends of a simulation. Each says what it misses as a violation.
  void ExpectRunsEnd(Duration bound);
  void ExpectRest(Duration span);
  void ExpectNothingLeft(Duration bound);
  // REQUIRES: all objects are gone, and no artifact is younger than a day. From here on sweeps don't fail.
  void ExpectStoreSwept(Duration bound);

  bool Failed() const { return !violations_.empty() || !checker_.violations().empty(); }
  // All violations, with the end of the story; empty when there are none.
  std::string Report() const;
  const Strikes& strikes() const { return strikes_; }
  const apiserver::Audit& audit() const { return cluster_.registry.audit(); }

 private:
  simulation::Behaviour BehaviourOf(const json::Value& pod);
  SimulatedStore::Hooks StoreHooks();
  Couriers::Hooks CourierHooks();
  // Strikes the pod of that UID if it is in that phase; else it is none of what is counted.
  void StrikeIn(PodPhase phase, const char* name, const std::string& uid, const std::string& what);
  void AddProcess();
  // Strikes without a word, since there are so many of it.
  void Count(const std::string& name) { strikes_[name].Count(phases().Present()); }
  void AdmitPods();
  void OnDeath(size_t index, const std::string& why);
  void Violate(const std::string& rule, const std::string& object, const std::string& detail);
  std::string Unfinished() const;
  void DeleteStuckPods();
  std::string Leftovers() const;

  const Options options_;
  Dice random_;
  reactor::VirtualLoop loop_;
  Script script_;
  SimulatedStore store_;
  Couriers couriers_;
  SweepFaults sweep_faults_;
  simulation::Cluster cluster_;
  simulation::FencePolicies fence_;
  simulation::RandomFaults network_;
  FaultyEntries entries_;
  std::vector<std::unique_ptr<Process>> processes_;
  Checker checker_;
  Story story_;
  PodPhases phases_;
  bool healed_ = false;
  bool switched_off_ = false;
  std::optional<int> quota_;
  Strikes strikes_;
  std::vector<Violation> violations_;
};

}  // namespace coreflow::sim
