#include "pkg/scenario/read.h"

#include <fmt/format.h>

#include <set>
#include <string_view>
#include <utility>

#include "pkg/base/closest.h"
#include "pkg/cel/program.h"

namespace coreflow::scenario {

namespace {

using json::Binder;
using Scope = json::Binder::Scope;
using Names = std::vector<std::string_view>;

void CheckVersion(const json::Value& document, Binder& binder) {
  const std::string version = document["apiVersion"].StringOr("");
  if (version != api::kApiVersion) {
    const Scope scope(binder, "apiVersion");
    binder.Report(fmt::format("must be {}{}", api::kApiVersion, DidYouMean(version, {api::kApiVersion})));
  }
  const std::string kind = document["kind"].StringOr("");
  if (kind != kKind) {
    const Scope scope(binder, "kind");
    binder.Report(fmt::format("must be {}{}", kKind, DidYouMean(kind, {kKind})));
  }
}

void CheckSeconds(double seconds, std::string_view name, Binder& binder) {
  if (seconds >= 0 && seconds <= 1e9) return;
  const Scope scope(binder, name);
  binder.Report("must be from 0 to 1,000,000,000");
}

void CheckRules(const std::vector<Rule>& rules, Binder& binder) {
  const Scope when(binder, "when");
  for (size_t i = 0; i < rules.size(); ++i) {
    const Scope element(binder, i);
    CheckSeconds(rules[i].after_seconds, "afterSeconds", binder);
    if (rules[i].exit_code && rules[i].outcome != Outcome::kFailed) {
      const Scope scope(binder, "exitCode");
      binder.Report("is for outcome Failed");
    }
  }
}

void CheckCase(const Case& one, Binder& binder) {
  CheckRules(one.when, binder);
  {
    const Scope events(binder, "events");
    for (size_t i = 0; i < one.events.size(); ++i) {
      const Scope element(binder, i);
      CheckSeconds(one.events[i].at_seconds, "atSeconds", binder);
      CheckSeconds(one.events[i].for_seconds, "forSeconds", binder);
    }
  }
  const Scope expect(binder, "expect");
  if (one.expect.within_seconds) CheckSeconds(*one.expect.within_seconds, "withinSeconds", binder);
  const Scope that(binder, "that");
  for (size_t i = 0; i < one.expect.that.size(); ++i) {
    const Scope element(binder, i);
    for (const cel::Problem& problem :
         cel::Compile(one.expect.that[i], ThatDeclarations(), cel::Type::Bool()).problems) {
      binder.Report(problem.message);
    }
  }
}

// Whether there is such a step; else says so.
bool CheckStep(const std::string& name, const Steps& steps, Binder& binder) {
  if (steps.contains(name)) return true;
  Names names;
  for (const auto& [known, outputs] : steps) names.emplace_back(known);
  binder.Report(fmt::format("there is no step {}{}", name, DidYouMean(name, names)));
  return false;
}

void CheckOutputs(const std::map<std::string, json::Value>& outputs, const std::string& step, const Steps& steps,
                  Binder& binder) {
  const Scope scope(binder, "outputs");
  const std::vector<std::string>& declared = steps.at(step);
  const std::set<std::string_view> known(declared.begin(), declared.end());
  for (const auto& [name, value] : outputs) {
    if (known.contains(name)) continue;
    binder.Report(
        fmt::format("step {} declares no output {}{}", step, name, DidYouMean(name, {known.begin(), known.end()})));
  }
}

void CheckSteps(const std::vector<Rule>& rules, const Steps& steps, Binder& binder) {
  const Scope when(binder, "when");
  for (size_t i = 0; i < rules.size(); ++i) {
    const Scope element(binder, i);
    if (rules[i].step.empty()) continue;
    bool known = false;
    {
      const Scope step(binder, "step");
      known = CheckStep(rules[i].step, steps, binder);
    }
    if (known) CheckOutputs(rules[i].outputs, rules[i].step, steps, binder);
  }
}

}  // namespace

const cel::Declarations& ThatDeclarations() {
  static const cel::Declarations kDeclarations = cel::Declarations()
                                                     .Add("run", cel::Type::Dyn())
                                                     .Add("steps", cel::Type::Dyn())
                                                     .Add("seconds", cel::Type::Double());
  return kDeclarations;
}

Read ReadScenario(const json::Value& document) {
  Binder binder;
  if (!binder.Expect(document, document.IsObject(), "object")) return {.problems = binder.Take()};
  CheckVersion(document, binder);
  json::Object members = document.AsObject();
  for (const char* known : {"apiVersion", "kind", "metadata"}) members.erase(known);
  auto bound = json::Bind<Scenario>(members, json::UnknownFields::kProblem);
  if (!bound.value.workflow.IsNull() && !bound.value.workflow.IsString() && !bound.value.workflow.IsObject()) {
    const Scope scope(binder, "workflow");
    binder.Report("must be the path of a file, or a Workflow or Job itself");
  }
  CheckRules(bound.value.when, binder);
  std::set<std::string> names;
  const Scope cases(binder, "cases");
  for (size_t i = 0; i < bound.value.cases.size(); ++i) {
    const Scope element(binder, i);
    if (!names.insert(bound.value.cases[i].name).second && !bound.value.cases[i].name.empty()) {
      const Scope name(binder, "name");
      binder.Report("another case has this name");
    }
    CheckCase(bound.value.cases[i], binder);
  }
  Read read{.scenario = std::move(bound.value), .problems = binder.Take()};
  for (json::Problem& problem : bound.problems) read.problems.push_back(std::move(problem));
  return read;
}

std::vector<json::Problem> ProblemsWith(const Scenario& scenario, const Steps& steps) {
  Binder binder;
  CheckSteps(scenario.when, steps, binder);
  const Scope cases(binder, "cases");
  for (size_t i = 0; i < scenario.cases.size(); ++i) {
    const Scope element(binder, i);
    CheckSteps(scenario.cases[i].when, steps, binder);
    const Scope expect(binder, "expect");
    const Scope expected(binder, "steps");
    for (const auto& [name, step] : scenario.cases[i].expect.steps) {
      if (!CheckStep(name, steps, binder)) continue;
      const Scope scope(binder, name);
      CheckOutputs(step.outputs, name, steps, binder);
    }
  }
  return binder.Take();
}

}  // namespace coreflow::scenario
