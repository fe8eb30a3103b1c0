#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "controllers/runs/controller.h"
#include "pkg/simulation/cluster.h"
#include "pkg/simulation/process_loop.h"
#include "tests/sim/sweeping_store.h"

namespace coreflow::sim {

// A process dies at its n-th write (from 1, Leases left out) since it was started.
struct CrashPlan {
  enum class When {
    kBefore,  // the write never arrives
    kAfter,   // the write arrives and takes effect, its answer is never heard
    kLate,    // the write takes effect when somebody else may lead
  };
  int write = 0;
  bool creates_pod = false;  // at the next create of a pod instead, whichever write that is
  When when = When::kAfter;
  Duration late_by = {};  // of kLate
};

const char* CrashName(CrashPlan::When when);
inline constexpr char kCrashInSweep[] = "CrashInSweep";
inline constexpr char kLostLease[] = "LostLease";

// One replica of the operator: its own connections, loop and clock, and the real controller. It can die at any moment
// and be started anew under another identity. Loop, cluster, store and faults outlive it.
class Process {
 public:
  struct Options {
    std::string name = {};
    uint64_t seed = 1;
    Duration clock_error = {};
    simulation::Faults* faults = nullptr;       // may be null
    cache::Entries* results = nullptr;          // may be null; of the step cache
    cache::Blobs* blobs = nullptr;              // may be null; of large outputs
    SimulatedStore* swept = nullptr;            // may be null; what it sweeps while it leads
    const SweepFaults* sweep_faults = nullptr;  // of that
    bool has_fence = false;
    std::string install = "coreflow-operator";  // processes of one share a Lease, and their claims on namespaces
    // Called when it has died by its plan (CrashName) or in a sweep (kCrashInSweep), lost the Lease (kLostLease) or was
    // terminated; it is destroyed already.
    std::function<void(const std::string& why)> on_death = {};
    std::function<void(const std::string& what)> on_quarantined = {};
  };

  Process(Loop& loop, simulation::Cluster& cluster, Options options);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void Start(std::optional<CrashPlan> plan = {});
  // At once: everything in memory is gone, what was sent still arrives.
  void Crash();
  bool alive() const { return life_ != nullptr; }
  bool leading() const;
  // How often it was started.
  int lives() const { return lives_; }

  // Dies at a write, counted from now on, unless it does so earlier.
  void CrashAt(CrashPlan plan);
  void Pause(bool paused);
  void CutOff(bool cut_off);
  // Stops as on SIGTERM: gives the Lease back, then ends; then `on_death`.
  void Terminate();

  // Writes so far in this life, Leases left out.
  int writes() const;
  // The last of them: "DELETE /api/v1/...".
  std::string last_write() const;

 private:
  class Life;

  Loop& loop_;
  simulation::Cluster& cluster_;
  const Options options_;
  Dice random_;
  int lives_ = 0;
  std::unique_ptr<Life> life_;
};

// The User-Agent of all processes begins so.
inline constexpr char kOperatorAgent[] = "coreflow-operator";

}  // namespace coreflow::sim
