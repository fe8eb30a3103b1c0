#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "pkg/engine/owner.h"
#include "pkg/json/value.h"

namespace coreflow::engine {

// How a container ends.
struct ContainerEnd {
  int32_t exit_code = 0;
  std::string output = {};     // what it writes to $COREFLOW_OUTPUT
  std::string reason = {};     // "OOMKilled"; empty: Completed or Error
  std::string pod_reason = {};  // "Evicted"
  bool never = false;          // it runs until it is deleted
};

// The world as an Owner sees it, reduced to one object: what it creates is stored, pods run and end, and everything
// comes back as observations. Deterministic, single-threaded; time is a number. For tests of the engine alone.
class World {
 public:
  using Behaviour = std::function<ContainerEnd(const PodView& pod)>;

  World(Kind kind, json::Value spec, Behaviour behaviour);

  // An engine as it is after a restart: told everything that is stored.
  std::unique_ptr<Owner> NewOwner() const;

  // One round: decide, do at most `limit` of the actions, then let pods go on. False when there was nothing to do.
  bool Round(Owner& owner, size_t limit = SIZE_MAX);
  // Rounds until nothing happens and nothing is waited for, or `rounds` have passed. Gives whether it came to rest.
  bool Settle(Owner& owner, int rounds = 2000);

  // What the user does.
  void Edit(const std::function<void(json::Object& spec)>& edit);
  void DeletePod(const std::string& name, bool force);
  void DeleteObject();
  // Tells the owner of everything that changed since the last call.
  void Tell(Owner& owner);

  std::string State() const { return object_.status["state"].StringOr(""); }
  std::string Reason() const;
  const json::Value& status() const { return object_.status; }
  // All items of all records of a run as "step[index] State/Reason", sorted.
  std::vector<std::string> Ends(int32_t run = 1) const;
  const json::Value* RecordItem(const std::string& step, std::optional<int64_t> index = {}) const;
  // Names of all pods that were ever created, in order; a name twice is a duplicate start.
  const std::vector<std::string>& created() const { return created_; }
  const std::map<std::string, json::Object>& pods() const { return pods_; }
  int64_t most_running() const { return most_running_; }
  int64_t writes() const { return writes_; }
  Time now{std::chrono::hours(490000)};
  // Denies creates while it is true.
  std::function<bool(const std::string& pod)> quota_denies;

 private:
  void Apply(Owner& owner, const Action& action);
  void Create(Owner& owner, const CreatePod& create);
  void Write(Owner& owner, const WriteStatus& write);
  void LetPodsGoOn();
  void Start(const std::string& name);
  void End(const std::string& name, const ContainerEnd& end);
  void Touch(const std::string& name);
  void Remove(const std::string& name);

  ObjectView object_;
  const Behaviour behaviour_;
  std::map<std::string, json::Object> pods_;  // as JSON, so that reading them is tested too
  std::map<std::string, json::Value> records_;
  std::vector<std::string> created_;
  std::set<std::string> changed_;
  std::vector<PodGone> gone_;
  bool object_changed_ = false;
  bool object_gone_ = false;
  int64_t version_ = 100;
  int64_t most_running_ = 0;
  int64_t writes_ = 0;
  std::optional<Time> wake_;
};

// Builds a Workflow's spec from JSON text. REQUIRES: it is valid JSON.
json::Value Spec(const std::string& text);

}  // namespace coreflow::engine
