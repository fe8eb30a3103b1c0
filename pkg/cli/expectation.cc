#include "pkg/cli/expectation.h"

#include <fmt/format.h>

#include <algorithm>

#include "pkg/cel/json.h"
#include "pkg/cel/program.h"
#include "pkg/json/write.h"
#include "pkg/scenario/read.h"

namespace coreflow::cli {

namespace {

using scenario::Expectation;
using scenario::Rehearsed;
using scenario::StepExpectation;

class Differences {
 public:
  void Compare(const std::string& what, const json::Value& expected, const json::Value& got) {
    if (expected == got) return;
    Add(what, got.IsNull() ? fmt::format("expected {}, there is none", Show(expected))
                           : fmt::format("expected {}, got {}", Show(expected), Show(got)));
  }
  void CompareText(const std::string& what, const std::string& expected, const std::string& got) {
    if (!expected.empty()) Compare(what, expected, got.empty() ? json::Value() : json::Value(got));
  }
  void Add(const std::string& what, const std::string& message) { lines_.push_back(what + ": " + message); }
  std::vector<std::string> Take() { return std::move(lines_); }

 private:
  static std::string Show(const json::Value& value) { return value.IsString() ? value.AsString() : json::Write(value); }

  std::vector<std::string> lines_;
};

int64_t AttemptsOf(const StepView& step) {
  int64_t most = 0;
  for (const ItemView& item : step.items) most = std::max(most, item.attempt);
  return most;
}

// As the workflow's expressions see it: of a step with items, the values of those that succeeded, in a list.
json::Value OutputOf(const StepView& step, const std::string& name) {
  if (!step.has_items) return step.items.empty() ? json::Value() : step.items.front().outputs[name];
  json::Array values;
  for (const ItemView& item : step.items) {
    if (item.state == ItemState::kSucceeded) values.push_back(item.outputs[name]);
  }
  return values;
}

json::Value AsValue(const ItemView& item) {
  json::Object value{{"state", json::EnumName(item.state)},
                     {"reason", item.reason},
                     {"message", item.message},
                     {"attempts", item.attempt},
                     {"outputs", item.outputs.IsNull() ? json::Value(json::Object()) : item.outputs}};
  if (item.exit_code) value["exitCode"] = *item.exit_code;
  return value;
}

json::Value AsValue(const StepView& step) {
  json::Array items;
  for (const ItemView& item : step.items) items.push_back(AsValue(item));
  json::Object value = step.items.size() == 1 && !step.has_items ? items.front().AsObject() : json::Object();
  value["state"] = json::EnumName(step.state);
  value["reason"] = step.reason;
  value["message"] = step.message;
  value["attempts"] = AttemptsOf(step);
  value["items"] = std::move(items);
  return value;
}

cel::MapActivation VariablesOf(const Rehearsed& ended, const RunView& view) {
  json::Object steps;
  for (const StepView& step : view.steps) {
    std::string name = step.name;
    steps[name] = AsValue(step);
    std::ranges::replace(name, '-', '_');
    steps[name] = AsValue(step);
  }
  return cel::MapActivation(
      {{"run", cel::FromJson(ended.object)},
       {"steps", cel::FromJson(json::Value(std::move(steps)))},
       {"seconds", cel::FromJson(json::Value(ToSeconds(ended.took)), cel::Type::Double()).value()}});
}

void CompareStep(const StepExpectation& expected, const StepView& step, Differences& differences) {
  const std::string path = "steps." + step.name;
  if (expected.state) {
    differences.CompareText(path + ".state", std::string(json::EnumName(*expected.state)),
                            std::string(json::EnumName(step.state)));
  }
  differences.CompareText(path + ".reason", expected.reason, step.reason);
  if (expected.attempts) differences.Compare(path + ".attempts", *expected.attempts, AttemptsOf(step));
  if (expected.items) {
    differences.Compare(path + ".items", *expected.items, step.has_items ? static_cast<int64_t>(step.items.size()) : 1);
  }
  for (const auto& [name, value] : expected.outputs) {
    differences.Compare(fmt::format("{}.outputs.{}", path, name), value, OutputOf(step, name));
  }
}

void CheckThat(const std::string& expression, const cel::MapActivation& variables, Differences& differences) {
  const auto compiled = cel::Compile(expression, scenario::ThatDeclarations(), cel::Type::Bool());
  if (!compiled) return differences.Add(expression, compiled.problems.front().message);
  const auto value = compiled.program->Evaluate(variables);
  if (!value) return differences.Add(expression, value.error().message);
  if (!value->AsBool()) differences.Add(expression, "is false");
}

std::string Show(const scenario::Rule& rule) {
  std::string text = rule.step.empty() ? "any step" : "step " + rule.step;
  if (rule.item) text += fmt::format(", item {}", *rule.item);
  if (rule.attempt) text += fmt::format(", attempt {}", *rule.attempt);
  return text;
}

}  // namespace

std::vector<std::string> Unmet(const scenario::Case& expected, const Rehearsed& ended, const RunView& view) {
  const Expectation& expect = expected.expect;
  Differences differences;
  differences.CompareText("state", std::string(json::EnumName(expect.state)), ended.over ? view.state : "Unfinished");
  differences.CompareText("reason", expect.reason, view.reason);
  if (expect.within_seconds && ToSeconds(ended.took) > *expect.within_seconds) {
    differences.Add("withinSeconds",
                    fmt::format("expected at most {}, got {:.1f}", *expect.within_seconds, ToSeconds(ended.took)));
  }
  for (const auto& [name, value] : expect.outputs) {
    json::Value got;
    for (const json::Value& output : ended.object["status"]["outputs"].Elements()) {
      if (output["name"] == json::Value(name)) got = output["value"];
    }
    differences.Compare("outputs." + name, value, got);
  }
  for (const auto& [name, step] : expect.steps) {
    if (const StepView* found = view.Find(name)) CompareStep(step, *found, differences);
  }
  if (!expect.that.empty()) {
    const cel::MapActivation variables = VariablesOf(ended, view);
    for (const std::string& expression : expect.that) CheckThat(expression, variables, differences);
  }
  for (size_t i = 0; i < expected.when.size(); ++i) {
    if (!ended.met[i]) differences.Add(fmt::format("when[{}]", i), Show(expected.when[i]) + " never came");
  }
  return differences.Take();
}

}  // namespace coreflow::cli
