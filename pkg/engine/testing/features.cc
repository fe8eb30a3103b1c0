#include "pkg/engine/testing/features.h"

#include <algorithm>

#include "pkg/engine/testing/ends.h"

namespace coreflow::engine {

namespace {

using json::Value;
using What = WorldEvent::What;

void FromSpec(const Player& player, const graph::Graph& graph, const std::set<std::string>& started,
              std::set<std::string>& found) {
  for (const graph::Step& step : graph.steps) {
    if (!started.contains(step.name)) continue;
    if (step.items) found.insert("forEach");
    if (step.when) found.insert("when");
    if (step.run_after != graph::RunAfter::kSucceeded) found.insert("runAfter");
    if (step.in_finally) found.insert("finally");
    if (step.outputs_are_read) found.insert("outputs read");
    if (!step.parents.empty()) found.insert("dependsOn");
    if (step.parallelism > 0) found.insert("parallelism");
  }
  const Value& spec = player.scenario().spec;
  if (spec.Find("parallelism") != nullptr) found.insert("parallelism");
  found.insert(player.scenario().kind == Kind::kJob ? "Job" : graph.source.fail_fast ? "failFast" : "failFast: false");
  if (graph.steps.size() > 24) found.insert("more than 24 steps");
}

void FromStatus(const Value& status, std::set<std::string>& found) {
  const std::string ending = status["run"]["ending"].StringOr("");
  if (ending == "Graceful" || ending == "Immediate") {
    found.insert("stop");
    found.insert("stop: " + ending);
  }
  if (ending == "Superseded") found.insert("onChange: Restart");
  if (ending == "Deadline") found.insert("timeout");
  if (status["state"].StringOr("") == "Suspended") found.insert("suspend");
}

// Suspending and stopping are features of their own.
bool ChangesMoreThanHolding(const Value& before, const Value& after) {
  json::Object one = before.Members(), other = after.Members();
  for (const char* field : {"suspend", "stop"}) {
    one.erase(field);
    other.erase(field);
  }
  return one != other;
}

void FromEnd(const Value& end, std::set<std::string>& found) {
  const std::string reason = end["reason"].StringOr("");
  if (reason == "WhenFalse") found.insert("when");
  if (reason == "RunAfterNotMet") found.insert("runAfter");
  if (reason == "FailFast") found.insert("failFast cut it");
  if (end["state"].StringOr("") == "Failed") found.insert("failed");
}

}  // namespace

const std::vector<std::string>& AllFeatures() {
  static const std::vector<std::string> kAll = {
      "forEach",           "retry",    "when",        "runAfter",     "finally",
      "timeout",           "suspend",  "stop",        "edit",         "loss",
      "continueOnFailure", "failFast", "parallelism", "outputs read", "dependsOn"};
  return kAll;
}

std::set<std::string> FeaturesOf(const Player& player) {
  std::set<std::string> found, started;
  const auto graph = GraphOf(player.scenario());
  std::set<std::string> tolerated;
  Value before = player.scenario().spec;
  for (const graph::Step& step : graph->steps) {
    if (step.continue_on_failure) tolerated.insert(step.name);
  }
  for (const WorldEvent& event : player.world().log()) {
    if (event.what == What::kCreated) {
      started.insert(event.step);
      if (event.facts.failures > 0) found.insert("retry");
      if (event.facts.infrastructure_failures > 0) found.insert("loss");
    }
    if (event.what == What::kStatus) FromStatus(event.value, found);
    if (event.what == What::kEdited && ChangesMoreThanHolding(before, event.value)) found.insert("edit");
    if (event.what == What::kEdited) before = event.value;
    if (event.what == What::kDeleted) found.insert("object deleted");
    for (const Value& end : event.value["results"].Elements()) {
      FromEnd(end, found);
      if (end["reason"].StringOr("") == "Timeout") found.insert("timeout");
      if (end["reason"].StringOr("") == "Reused") found.insert("reuse");
      if (end["reason"].StringOr("") == "CacheHit") found.insert("cache hit");
      if (end["state"].StringOr("") == "Failed" && tolerated.contains(end["step"].StringOr("")))
        found.insert("continueOnFailure");
    }
  }
  FromSpec(player, *graph, started, found);
  if (LastRun(player.world()) > 1) found.insert("a second run");
  found.insert(IsTimeless(player) ? "timeless" : "cut by time or failure");
  return found;
}

}  // namespace coreflow::engine
