#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "pkg/apiserver/audit.h"

namespace coreflow::sim {

// How far a pod of a run is, as far as what befalls it is concerned.
enum class PodPhase {
  kUnbound,   // Pending, without a node
  kCreating,  // Pending, on a node
  kRunning,
  kStopping,  // its deletion is asked for, and it has not ended
  kEnded,     // Succeeded or Failed, and neither its result nor its successor is stored
  kStored,    // Succeeded or Failed, and what it did is durable; it may be held, or wait to be swept
};
inline constexpr size_t kPodPhases = 6;
const char* PodPhaseName(PodPhase phase);

using PodPhaseSet = std::bitset<kPodPhases>;
inline size_t IndexOf(PodPhase phase) { return static_cast<size_t>(phase); }

// The phases of all pods of runs, told from the audit alone.
class PodPhases {
 public:
  explicit PodPhases(const apiserver::Audit& audit) : audit_(audit) {}

  // Takes the writes since the last call; what is asked below is true of that moment.
  void Follow();

  // Those that some pod is in: of all, of an owner, of a node.
  PodPhaseSet Present() const;
  PodPhaseSet OfOwner(const std::string& uid) const;
  PodPhaseSet OnNode(const std::string& node) const;
  // That of one pod; none when it is not of a run.
  PodPhaseSet OfPod(const std::string& uid) const;
  // The pods in that phase, as "namespace/name", sorted.
  std::vector<std::string> In(PodPhase phase) const;

 private:
  using ItemKey = std::tuple<std::string, int32_t, std::string, int32_t>;  // owner, run, step, item
  struct Pod {
    std::string key = {};
    std::string owner = {};
    std::string node = {};
    ItemKey item = {};
    int32_t attempt = 0;
    bool stored = false;
    PodPhase phase = PodPhase::kUnbound;
  };

  void OnPod(const apiserver::AuditEntry& entry);
  void Adopt(const apiserver::AuditEntry& entry);
  void OnRecord(const apiserver::AuditEntry& entry);
  void Enter(Pod& pod, PodPhase phase);
  static PodPhase PhaseOf(const json::Value& object, bool stored);
  template <typename Which>
  PodPhaseSet Where(const Which& which) const;

  const apiserver::Audit& audit_;
  size_t followed_ = 0;
  std::map<std::string, Pod> pods_;            // by UID, those that exist
  std::map<std::string, std::string> by_key_;  // their UIDs
  std::map<ItemKey, std::set<std::string>> by_item_;
  std::array<int, kPodPhases> counts_ = {};
};

}  // namespace coreflow::sim
