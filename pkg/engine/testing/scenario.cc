#include "pkg/engine/testing/scenario.h"

#include <algorithm>
#include <memory>

#include "pkg/base/dice.h"
#include "pkg/base/output_limits.h"
#include "pkg/engine/accept.h"
#include "pkg/json/parse.h"
#include "pkg/json/write.h"

namespace coreflow::engine {

namespace {

using json::Array;
using json::Object;
using json::Value;
using What = UserEvent::What;

// What an attempt needs to know of its step.
struct StepFacts {
  StepPlan plan;
  Array outputs;
  bool has_timeout = false;
};

std::map<std::string, StepFacts> StepsOf(const Scenario& scenario) {
  std::map<std::string, StepFacts> steps;
  auto add = [&](const std::string& name, const Value& step) {
    auto plan = scenario.plans.find(name);
    steps[name] = {.plan = plan == scenario.plans.end() ? StepPlan{} : plan->second,
                   .outputs = step["outputs"].Elements(),
                   .has_timeout = step["timeoutSeconds"].IsInt()};
  };
  for (const char* list : {"steps", "finally"}) {
    for (const Value& step : scenario.spec[list].Elements()) add(step["name"].StringOr(""), step);
  }
  if (scenario.kind == Kind::kJob) add("job", scenario.spec["template"]);
  return steps;
}

std::string Outputs(const Array& declared, Dice& dice, bool wrong) {
  Object outputs;
  for (const Value& output : declared) {
    const std::string type = output["type"].StringOr("");
    Value value = "text";
    if (type == "Integer") value = dice.Between(0, 9);
    if (type == "Array") {
      Array elements;
      for (int64_t i = dice.Between(0, 4); i > 0; --i) elements.push_back(i);
      value = std::move(elements);
    }
    outputs[output["name"].StringOr("")] = std::move(value);
  }
  if (wrong) outputs["unknown"] = 1;
  if (outputs.empty()) return "";
  const bool large = std::ranges::any_of(declared, [](const Value& output) { return output["large"] == Value(true); });
  return json::Write(outputs) + std::string(large ? kMostInlineOutputs : 0, ' ');
}

ContainerEnd EndOf(const StepFacts& step, Dice dice) {
  const StepPlan& plan = step.plan;
  ContainerEnd end{.after = std::chrono::seconds(dice.Between(1, std::max(1, plan.seconds)))};
  constexpr Loss kLosses[] = {Loss::kEvicted, Loss::kNodeLost, Loss::kDeleted, Loss::kForced, Loss::kRemoved};
  const Loss loss = kLosses[dice.Below(5)];
  const int32_t code = static_cast<int32_t>(dice.Between(1, 4));
  const int64_t thrown = dice.Between(0, 99);
  int64_t bound = 0;
  auto is = [&](int32_t percent) { return thrown < (bound += percent); };
  if (is(plan.lost)) {
    end.loss = loss;
  } else if (is(plan.fails)) {
    end.exit_code = code;
  } else if (is(plan.out_of_memory)) {
    end.exit_code = 137;
    end.reason = "OOMKilled";
  } else if (is(plan.hangs)) {
    end.never = step.has_timeout;
  } else {
    end.output = Outputs(step.outputs, dice, is(plan.wrong_output));
  }
  return end;
}

Object Json(const StepPlan& plan) {
  Object out;
  auto add = [&](const char* name, int32_t value) {
    if (value != 0) out[name] = value;
  };
  add("fails", plan.fails);
  add("outOfMemory", plan.out_of_memory);
  add("hangs", plan.hangs);
  add("lost", plan.lost);
  add("wrongOutput", plan.wrong_output);
  add("seconds", plan.seconds);
  add("denials", plan.denials);
  return out;
}

}  // namespace

const char* WhatName(What what) {
  switch (what) {
    case What::kSuspend: return "Suspend";
    case What::kStopGraceful: return "StopGraceful";
    case What::kStopImmediate: return "StopImmediate";
    case What::kParallelism: return "Parallelism";
    case What::kEdit: return "Edit";
    case What::kRetry: return "Retry";
    case What::kDeadline: return "Deadline";
    case What::kDelete: return "Delete";
  }
  return "";
}

World::Behaviour BehaviourOf(const Scenario& scenario) {
  auto steps = std::make_shared<const std::map<std::string, StepFacts>>(StepsOf(scenario));
  return [steps, seed = scenario.seed](const PodView& pod) -> ContainerEnd {
    auto step = steps->find(pod.step);
    if (step == steps->end() || !pod.facts) return {};
    // Not of the run: a rerun goes as the run before it.
    const std::string identity =
        pod.step + "/" + std::to_string(pod.facts->item) + "/" + std::to_string(pod.facts->attempt);
    return EndOf(step->second, Dice(seed, identity));
  };
}

std::function<std::optional<ItemResult>(const LookUpCache& look)> WarmOf(const Scenario& scenario) {
  return
      [behaviour = BehaviourOf(scenario), seed = scenario.seed](const LookUpCache& look) -> std::optional<ItemResult> {
        if (!Dice(seed, "warm " + look.nearest).Percent(50)) return std::nullopt;
        const size_t step = look.nearest.find('/') + 1, item = look.nearest.rfind('/') + 1;
        PodView pod{.step = look.nearest.substr(step, item - 1 - step)};
        pod.facts = AttemptFacts{.attempt = 1, .item = std::stoi(look.nearest.substr(item))};
        const ContainerEnd end = behaviour(pod);
        if (end.exit_code != 0 || end.never || end.loss != Loss::kNone) return std::nullopt;
        ItemResult result{.exit_code = 0};
        if (!end.output.empty()) result.outputs = json::Parse(end.output)->Members();
        return result;
      };
}

std::shared_ptr<const graph::Graph> GraphOf(const Scenario& scenario) {
  static Value spec;
  static std::shared_ptr<const graph::Graph> graph;
  if (!graph || &spec.Members() != &scenario.spec.Members()) {  // the copy keeps the address its own
    spec = scenario.spec;
    graph = Accept(scenario.kind, spec, "w", "ns").graph;
  }
  return graph;
}

void Do(const UserEvent& event, bool after, World& world) {
  if (event.what == What::kDelete) return world.DeleteObject();
  if (event.what == What::kRetry) {
    return world.RequestRun("at " + event.step, Object{{"run", world.object().name}});
  }
  world.Edit([&](Object& spec) {
    switch (event.what) {
      case What::kSuspend: spec["suspend"] = !after; break;
      case What::kStopGraceful: spec["stop"] = after ? "None" : "Graceful"; break;
      case What::kStopImmediate: spec["stop"] = after ? "None" : "Immediate"; break;
      case What::kParallelism: spec["parallelism"] = event.value; break;
      case What::kDeadline: spec["timeoutSeconds"] = event.value; break;
      case What::kEdit: {
        Object defaults = spec["defaults"].Members();
        defaults["env"] = Array{Object{{"name", "EDITED"}, {"value", "as of " + event.step}}};
        spec["defaults"] = std::move(defaults);
        break;
      }
      case What::kRetry:
      case What::kDelete: break;
    }
  });
}

Duration Later(const UserEvent& event) {
  const bool two_parts =
      event.what == What::kSuspend || event.what == What::kStopGraceful || event.what == What::kStopImmediate;
  return two_parts ? std::chrono::seconds(event.value) : Duration(0);
}

bool HasClock(const Scenario& scenario) {
  if (scenario.spec.Find("timeoutSeconds") != nullptr) return true;
  const bool restart = scenario.spec["onChange"].StringOr("") == "Restart";
  return std::ranges::any_of(scenario.events, [&](const UserEvent& event) {
    switch (event.what) {
      case What::kSuspend:
      case What::kParallelism:
      case What::kRetry: return false;
      case What::kEdit: return restart;
      case What::kStopGraceful:
      case What::kStopImmediate:
      case What::kDeadline:
      case What::kDelete: return true;
    }
    return true;
  });
}

std::string Describe(const Scenario& scenario) {
  Object plans;
  for (const auto& [step, plan] : scenario.plans) plans[step] = Json(plan);
  Array events;
  for (const UserEvent& event : scenario.events) {
    events.push_back(Object{{"what", WhatName(event.what)},
                            {"step", event.step},
                            {"item", event.item},
                            {"when", event.at_end ? "ends" : "starts"},
                            {"value", event.value}});
  }
  return json::WriteIndented(Object{{"seed", static_cast<int64_t>(scenario.seed)},
                                    {"kind", KindName(scenario.kind)},
                                    {"spec", scenario.spec},
                                    {"plans", std::move(plans)},
                                    {"events", std::move(events)}});
}

}  // namespace coreflow::engine
