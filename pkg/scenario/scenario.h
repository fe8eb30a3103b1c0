#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "pkg/api/types.gen.h"
#include "pkg/json/bind.h"
#include "pkg/json/value.h"

// What a test of a workflow says (`coreflow test`, docs/testing-workflows.md): which pods end how, what happens
// besides, and what is to come of it.
namespace coreflow::scenario {

// What becomes of a pod.
enum class Outcome {
  kSucceeded,
  kFailed,
  kOomKilled,
  kEvicted,    // its node lacks memory
  kPreempted,  // its place is taken by a pod of higher priority
  kNodeLost,   // its node is gone, and all that runs there
  kUnschedulable,
  kImagePullBackOff,
  kCreateContainerConfigError,
  kRunning,  // for ever
};
constexpr auto EnumNames(Outcome) {
  return std::to_array<std::string_view>({"Succeeded", "Failed", "OOMKilled", "Evicted", "Preempted", "NodeLost",
                                          "Unschedulable", "ImagePullBackOff", "CreateContainerConfigError",
                                          "Running"});
}

// The pods that it names, and what becomes of them. Of several rules for one pod the first counts.
struct Rule {
  std::string step = {};  // empty: of any
  std::optional<int64_t> item = {};
  std::optional<int64_t> attempt = {};  // from 1
  Outcome outcome = Outcome::kSucceeded;
  double after_seconds = 1;  // from the container's start
  std::optional<int64_t> exit_code = {};
  std::map<std::string, json::Value> outputs = {};

  bool operator==(const Rule&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(json::Field("step", &Rule::step), json::Field("item", &Rule::item, {.minimum = 0}),
                           json::Field("attempt", &Rule::attempt, {.minimum = 1}),
                           json::Field("outcome", &Rule::outcome), json::Field("afterSeconds", &Rule::after_seconds),
                           json::Field("exitCode", &Rule::exit_code, {.minimum = 1, .maximum = 255}),
                           json::Field("outputs", &Rule::outputs));
  }
};

enum class Action {
  kKillController,  // at once; another one starts five seconds later
  kCutOffController,
  kSuspend,
  kResume,
  kStop,
};
constexpr auto EnumNames(Action) {
  return std::to_array<std::string_view>({"KillController", "CutOffController", "Suspend", "Resume", "Stop"});
}

struct Event {
  double at_seconds = 0;  // from the creation of the workflow
  Action action = Action::kKillController;
  double for_seconds = 30;  // of CutOffController

  bool operator==(const Event&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(json::Field("atSeconds", &Event::at_seconds, {.required = true}),
                           json::Field("action", &Event::action, {.required = true}),
                           json::Field("forSeconds", &Event::for_seconds));
  }
};

struct StepExpectation {
  std::optional<api::ItemState> state = {};
  std::string reason = {};
  std::optional<int64_t> attempts = {};
  std::optional<int64_t> items = {};
  std::map<std::string, json::Value> outputs = {};

  bool operator==(const StepExpectation&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(json::Field("state", &StepExpectation::state),
                           json::Field("reason", &StepExpectation::reason),
                           json::Field("attempts", &StepExpectation::attempts, {.minimum = 0}),
                           json::Field("items", &StepExpectation::items, {.minimum = 0}),
                           json::Field("outputs", &StepExpectation::outputs));
  }
};

enum class State { kSucceeded, kFailed, kStopped, kUnfinished };
constexpr auto EnumNames(State) {
  return std::to_array<std::string_view>({"Succeeded", "Failed", "Stopped", "Unfinished"});
}

struct Expectation {
  State state = State::kSucceeded;
  std::string reason = {};
  std::optional<double> within_seconds = {};
  std::map<std::string, json::Value> outputs = {};
  std::map<std::string, StepExpectation> steps = {};
  std::vector<std::string> that = {};  // in CEL

  bool operator==(const Expectation&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(json::Field("state", &Expectation::state), json::Field("reason", &Expectation::reason),
                           json::Field("withinSeconds", &Expectation::within_seconds),
                           json::Field("outputs", &Expectation::outputs), json::Field("steps", &Expectation::steps),
                           json::Field("that", &Expectation::that));
  }
};

struct Case {
  std::string name = {};
  std::vector<api::Argument> arguments = {};
  std::vector<Rule> when = {};
  std::vector<Event> events = {};
  Expectation expect = {};

  bool operator==(const Case&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(json::Field("name", &Case::name, {.required = true, .min_length = 1}),
                           json::Field("arguments", &Case::arguments), json::Field("when", &Case::when),
                           json::Field("events", &Case::events), json::Field("expect", &Case::expect));
  }
};

inline constexpr char kKind[] = "WorkflowTest";

// One document of a test file.
struct Scenario {
  json::Value workflow = {};    // the path of a file with one Workflow or Job, or the object itself
  std::vector<Rule> when = {};  // of every case, after its own
  std::vector<Case> cases = {};

  bool operator==(const Scenario&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(json::Field("workflow", &Scenario::workflow, {.required = true}),
                           json::Field("when", &Scenario::when),
                           json::Field("cases", &Scenario::cases, {.required = true, .min_items = 1}));
  }
};

}  // namespace coreflow::scenario
