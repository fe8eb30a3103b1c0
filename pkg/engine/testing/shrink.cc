#include "pkg/engine/testing/shrink.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "pkg/engine/accept.h"

namespace coreflow::engine {

namespace {

using json::Array;
using json::Object;
using json::Value;
using Candidates = std::vector<Scenario>;

const char* const kLists[] = {"steps", "finally"};

Scenario With(const Scenario& scenario, const char* field, Value value) {
  Scenario changed = scenario;
  Object spec = scenario.spec.Members();
  spec[field] = std::move(value);
  changed.spec = std::move(spec);
  return changed;
}

// Without some steps of a list, and without what names them in dependsOn.
Scenario WithoutSteps(const Scenario& scenario, const char* list, size_t first, size_t count) {
  const Array& steps = scenario.spec[list].Elements();
  std::set<std::string> gone;
  for (size_t i = first; i < first + count; ++i) gone.insert(steps[i]["name"].StringOr(""));
  Array rest;
  for (const Value& step : steps) {
    if (gone.contains(step["name"].StringOr(""))) continue;
    Object kept = step.Members();
    Array names;
    for (const Value& name : step["dependsOn"].Elements()) {
      if (!gone.contains(name.StringOr(""))) names.push_back(name);
    }
    if (names.empty()) {
      kept.erase("dependsOn");
    } else {
      kept["dependsOn"] = std::move(names);
    }
    rest.push_back(std::move(kept));
  }
  Scenario changed = With(scenario, list, std::move(rest));
  for (const std::string& name : gone) changed.plans.erase(name);
  return changed;
}

void DropSteps(const Scenario& scenario, Candidates& out) {
  for (const char* list : kLists) {
    const size_t size = scenario.spec[list].Elements().size();
    for (size_t count = size; count > 0; count /= 2) {
      for (size_t first = 0; first + count <= size; first += count)
        out.push_back(WithoutSteps(scenario, list, first, count));
    }
  }
}

void DropFieldsOfSpec(const Scenario& scenario, Candidates& out) {
  for (const auto& [name, value] : scenario.spec.Members()) {
    if (name == "steps" || name == "template") continue;
    Scenario changed = scenario;
    Object spec = scenario.spec.Members();
    spec.erase(name);
    changed.spec = std::move(spec);
    out.push_back(std::move(changed));
  }
  const int64_t completions = scenario.spec["completions"].IntOr(1);
  if (completions > 1) out.push_back(With(scenario, "completions", completions / 2));
}

// The step with each of its fields left out, and what is in it made smaller.
std::vector<Value> SmallerSteps(const Value& step) {
  std::vector<Value> smaller;
  for (const auto& [name, value] : step.Members()) {
    Object less = step.Members();
    less.erase(name);
    smaller.push_back(less);
    if (name == "retryPolicy" || name == "forEach") {
      for (const auto& [field, unused] : value.Members()) {
        Object part = value.Members();
        part.erase(field);
        less[name] = std::move(part);
        smaller.push_back(less);
      }
    }
    if (name == "dependsOn" && value.Elements().size() > 1) {
      for (const Value& kept : value.Elements()) {
        less[name] = Array{kept};
        smaller.push_back(less);
      }
    }
    if (name == "forEach") {
      for (const char* items : {"[]", "[0]", "[0, 1]"}) {
        if (value["items"].StringOr("").size() <= std::string(items).size()) continue;
        less[name] = Object{{"items", items}};
        smaller.push_back(less);
      }
    }
  }
  return smaller;
}

void DropFieldsOfSteps(const Scenario& scenario, Candidates& out) {
  for (const char* list : kLists) {
    const Array& steps = scenario.spec[list].Elements();
    for (size_t i = 0; i < steps.size(); ++i) {
      for (Value& smaller : SmallerSteps(steps[i])) {
        Array changed = steps;
        changed[i] = std::move(smaller);
        out.push_back(With(scenario, list, std::move(changed)));
      }
    }
  }
  for (Value& smaller : SmallerSteps(scenario.spec["template"]))
    out.push_back(With(scenario, "template", std::move(smaller)));
}

void DropTroubles(const Scenario& scenario, Candidates& out) {
  for (size_t i = 0; i < scenario.events.size(); ++i) {
    Scenario changed = scenario;
    changed.events.erase(changed.events.begin() + static_cast<std::ptrdiff_t>(i));
    out.push_back(std::move(changed));
  }
  for (const auto& [step, plan] : scenario.plans) {
    if (plan == StepPlan{}) continue;
    Scenario changed = scenario;
    changed.plans[step] = {};
    out.push_back(changed);
    for (auto field : {&StepPlan::fails, &StepPlan::out_of_memory, &StepPlan::hangs, &StepPlan::lost,
                       &StepPlan::wrong_output, &StepPlan::denials}) {
      if (plan.*field == 0) continue;
      changed = scenario;
      changed.plans[step].*field = 0;
      out.push_back(changed);
    }
    if (plan.seconds > 1) {
      changed = scenario;
      changed.plans[step].seconds = 1;
      out.push_back(changed);
    }
  }
}

}  // namespace

bool IsValid(const Scenario& scenario) { return Accept(scenario.kind, scenario.spec, "w", "ns").problems.empty(); }

Scenario Shrink(Scenario scenario, const std::function<bool(const Scenario&)>& fails, int tries) {
  for (bool smaller = true; smaller && tries > 0;) {
    smaller = false;
    for (auto reduce : {DropSteps, DropTroubles, DropFieldsOfSpec, DropFieldsOfSteps}) {
      for (bool again = true; again && tries > 0;) {
        again = false;
        Candidates candidates;
        reduce(scenario, candidates);
        for (Scenario& candidate : candidates) {
          if (!IsValid(candidate)) continue;
          if (--tries < 0) break;
          if (!fails(candidate)) continue;
          scenario = std::move(candidate);
          again = smaller = true;
          break;
        }
      }
    }
  }
  return scenario;
}

}  // namespace coreflow::engine
