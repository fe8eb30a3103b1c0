#pragma once

#include <string>

#include "pkg/json/parse.h"
#include "pkg/json/write.h"
#include "tests/sim/simulation.h"

// What the tests of faults that other workflow engines had (docs/faults-tested.md) need besides the stage.
namespace coreflow::sim {

constexpr char kTwoSteps[] = R"json({"defaults": {"image": "busybox:1.36"}, "steps": [
  {"name": "short", "command": ["x"]}, {"name": "long", "command": ["x"], "dependsOn": ["short"]}]})json";

// How many pods there ever were.
inline int CreatedPods(const apiserver::Audit& audit) {
  const auto created = audit.Where(
      [](const apiserver::AuditEntry& entry) { return entry.resource == &apiserver::Pods() && !entry.before; });
  return static_cast<int>(created.size());
}

// One workflow, w in namespace default, and one process unless said.
class OneWorkflow {
 public:
  OneWorkflow(const std::string& spec, const Simulation::Options& options) : simulation(options) {
    for (auto& process : simulation.processes()) simulation.StartProcess(*process, {});
    Create(spec);
  }
  explicit OneWorkflow(const std::string& spec) : OneWorkflow(spec, {.script = Seconds}) {}

  // Every pod runs a second.
  static simulation::Behaviour Seconds(const json::Value&) { return {}; }

  void Create(const std::string& spec) {
    const auto made = simulation.cluster().Create(
        apiserver::Workflows(), "default",
        json::Object{{"metadata", json::Object{{"name", "w"}}}, {"spec", *json::Parse(spec)}});
    CHECK(made.has_value(), "the workflow is taken");
  }
  json::Value Object() const { return simulation.cluster().Get(apiserver::Workflows(), "default", "w"); }
  std::string State() const { return Object()["status"]["state"].StringOr(""); }
  std::string Status() const { return json::Write(Object()["status"]); }
  std::vector<json::Value> Pods() const { return simulation.cluster().List(apiserver::Pods(), "default"); }

  int Created() const { return CreatedPods(simulation.audit()); }
  bool UntilPodIs(const std::string& phase) {
    return simulation.AdvanceUntil(
        [&] {
          for (const json::Value& pod : Pods()) {
            if (pod["status"]["phase"].StringOr("") == phase) return true;
          }
          return false;
        },
        std::chrono::minutes(5));
  }
  // Lets it end; its state, or the broken promise.
  std::string End() {
    simulation.ExpectRunsEnd(std::chrono::minutes(30));
    return simulation.Failed() ? simulation.Report() : State();
  }

  mutable Simulation simulation;
};

}  // namespace coreflow::sim
