#include "pkg/engine/testing/generator.h"

#include <algorithm>
#include <array>
#include <utility>

#include "pkg/base/dice.h"
#include "pkg/base/hash.h"

namespace coreflow::engine {

namespace {

using json::Array;
using json::Object;
using json::Value;
using What = UserEvent::What;

// A step that later ones may refer to.
struct Known {
  std::string name;
  std::string read;  // steps.<name>, as expressions have it
  bool has_items = false;
  bool has_outputs = false;
  bool has_artifact = false;
};

class Generator {
 public:
  explicit Generator(uint64_t seed) : dice_(seed) { scenario_.seed = seed; }

  Scenario Make() {
    trouble_ = dice_.Percent(22) ? 0 : dice_.Between(3, 16);
    if (dice_.Percent(10)) {
      Job();
    } else {
      Workflow();
    }
    Events();
    return std::move(scenario_);
  }

 private:
  int64_t Size() {
    const uint64_t kind = dice_.Below(100);
    if (kind < 72) return dice_.Between(1, 8);
    if (kind < 93) return dice_.Between(9, 24);
    if (kind < 99) return dice_.Between(25, 80);
    return dice_.Between(81, 200);
  }

  template <size_t N>
  const char* One(const std::array<const char*, N>& of) {
    return of[dice_.Below(N)];
  }

  void Workflow() {
    const int64_t size = Size();
    if (size > 30) trouble_ = std::min<int64_t>(trouble_, 3);
    width_ = 1 + dice_.Below(10);
    caches_ = dice_.Percent(25);
    Object spec;
    Array steps;
    for (int64_t i = 0; i < size; ++i) steps.push_back(Step("s", i, 0));
    spec["steps"] = std::move(steps);
    ordinary_ = known_.size();
    if (dice_.Percent(35)) {
      Array finally;
      for (int64_t i = dice_.Between(1, 3); i > 0; --i) finally.push_back(Step("f", i, ordinary_));
      spec["finally"] = std::move(finally);
    }
    spec["parameters"] = Array{Object{{"name", "p"}, {"type", "Integer"}, {"default", dice_.Between(0, 5)}},
                               Object{{"name", "list"}, {"type", "Array"}, {"default", Array{7, 8, 9}}}};
    if (dice_.Percent(60)) spec["failFast"] = dice_.Percent(25);
    if (dice_.Percent(35)) spec["parallelism"] = dice_.Between(1, 6);
    if (dice_.Percent(10)) spec["timeoutSeconds"] = dice_.Between(10, 150);
    if (dice_.Percent(50)) spec["podCleanup"] = One(std::array{"OnSuccess", "OnCompletion", "Never"});
    if (dice_.Percent(40)) spec["onChange"] = One(std::array{"Restart", "RunAfter"});
    if (dice_.Percent(30)) spec["outputs"] = Array{Object{{"name", "result"}, {"value", Read(Any())}}};
    scenario_.spec = std::move(spec);
  }

  void Job() {
    scenario_.kind = Kind::kJob;
    Object step{{"image", "busybox:1.36"}, {"command", Array{"run"}}};
    AddPolicy(step, "job");
    const int64_t completions = dice_.Between(1, 12);
    Object spec{{"completions", completions}, {"template", std::move(step)}};
    if (dice_.Percent(70)) spec["parallelism"] = dice_.Between(1, 5);
    if (dice_.Percent(60)) spec["maxFailedIndexes"] = dice_.Between(0, completions);
    if (dice_.Percent(10)) spec["timeoutSeconds"] = dice_.Between(10, 150);
    if (dice_.Percent(50)) spec["podCleanup"] = One(std::array{"OnSuccess", "OnCompletion", "Never"});
    scenario_.spec = std::move(spec);
    known_.push_back({.name = "job", .read = "", .has_items = true});
    ordinary_ = 1;
  }

  const Known& Any() { return known_[dice_.Below(known_.size())]; }

  // One of those a step may depend on: near ones more often, so that graphs have depth.
  const Known& Near(size_t first) {
    return known_[known_.size() - 1 - dice_.Below(std::min(known_.size() - first, width_))];
  }

  Value Step(const char* prefix, int64_t number, size_t first) {
    static constexpr std::array kMiddles = {"", "-", "-a-rather-long-name-"};
    const std::string name = prefix + std::string(One(kMiddles)) + std::to_string(number);
    const bool in_finally = first > 0;
    Object step{{"name", name}, {"image", "busybox:1.36"}};
    Array arguments;
    const bool has_siblings = known_.size() > first;
    if (has_siblings && dice_.Percent(in_finally ? 30 : 75)) {
      std::vector<std::string> names;
      for (int64_t i = dice_.Between(1, 3); i > 0; --i) names.push_back(Near(first).name);
      std::ranges::sort(names);
      names.erase(std::unique(names.begin(), names.end()), names.end());
      step["dependsOn"] = Array(names.begin(), names.end());
      if (dice_.Percent(22)) step["runAfter"] = One(std::array{"Finished", "AnySucceeded", "AllFailed", "Succeeded"});
    }
    const bool may_read = has_siblings || in_finally;
    if (may_read && dice_.Percent(20))
      arguments.push_back("got $[[ " + Read(Near(first == known_.size() ? 0 : first)) + " ]]");
    if (dice_.Percent(25)) step["when"] = When(in_finally, may_read);
    if (items_left_ > 0 && dice_.Percent(25)) step["forEach"] = ForEach(may_read);
    const bool has_items = step.contains("forEach");
    if (has_items && dice_.Percent(50)) arguments.push_back("$[[ item ]] is $[[ index ]]");
    if (dice_.Percent(20)) step["parameters"] = Array{Object{{"name", "p"}}};
    const bool has_outputs = dice_.Percent(45);
    if (has_outputs) {
      const bool large = Fnv1a64(name) % 3 == 0;
      step["outputs"] = Array{Object{{"name", "n"}, {"type", "Integer"}},
                              Object{{"name", "parts"}, {"type", "Array"}, {"large", large}}};
    }
    if (dice_.Percent(35)) step["continueOnFailure"] = true;
    AddPolicy(step, name);
    if (caches_ && !in_finally && scenario_.plans[name].lost == 0) {
      // The same command says something else in each step.
      step["cache"] = Object{{"mode", dice_.Percent(90) ? "Auto" : "Refresh"}, {"salt", name}};
      if (has_items) arguments.push_back("$[[ index ]]");  // and in each item, be they equal
    }
    step["command"] = Array{"run"};
    step["args"] = std::move(arguments);
    const bool has_artifact = dice_.Percent(15);
    if (has_artifact) {
      step["outputArtifacts"] = Array{
          Object{{"name", "data"}, {"path", "/out/data"}, {"archive", One(std::array{"None", "Tar", "TarZstd"})}}};
    }
    // Not by the dice, as with outputs that are large: other choices stay as they are.
    if (Fnv1a64(name) % 5 == 1) step["archiveLogs"] = true;
    if (may_read && dice_.Percent(25)) AddInput(step, Near(first == known_.size() ? 0 : first));
    std::string read = "steps." + name;
    std::ranges::replace(read, '-', '_');
    known_.push_back(
        {.name = name, .read = read, .has_items = has_items, .has_outputs = has_outputs, .has_artifact = has_artifact});
    return step;
  }

  void AddInput(Object& step, const Known& source) {
    if (!source.has_artifact) return;
    step["inputs"] = Object{
        {"artifacts",
         Array{Object{
             {"name", "given"}, {"path", "/given"}, {"from", source.read + ".artifacts.data"}, {"optional", true}}}}};
  }

  // An expression about the step.
  std::string Read(const Known& known) {
    if (known.has_outputs && dice_.Percent(70)) return known.read + ".outputs." + (dice_.Percent(70) ? "n" : "parts");
    return known.read + (dice_.Percent(50) ? ".status" : ".succeeded");
  }

  std::string When(bool in_finally, bool may_read) {
    const uint64_t kind = dice_.Below(may_read ? 10 : 3);
    if (in_finally && dice_.Percent(50))
      return dice_.Percent(50) ? "workflow.status == 'Failed'" : "size(workflow.failures) == 0";
    if (kind == 0) return "false";
    if (kind == 1) return "true";
    if (kind == 2) return "params.p > 2";
    const Known& known = Near(0);
    if (known.has_outputs && !known.has_items && kind < 8) return known.read + ".outputs.n > 3";
    if (known.has_outputs && kind < 8) return known.read + ".outputs.n.sum() > 6";
    return dice_.Percent(50) ? known.read + ".succeeded == " + known.read + ".total"
                             : known.read + ".status == 'Succeeded'";
  }

  Value ForEach(bool may_read) {
    Object for_each;
    const Known* source = may_read ? &Near(0) : nullptr;
    if (source != nullptr && source->has_outputs && dice_.Percent(60)) {
      for_each["items"] = source->read + ".outputs.parts";
      items_left_ -= 4;
    } else if (dice_.Percent(20)) {
      for_each["items"] = "params.list";
      items_left_ -= 3;
    } else {
      std::string list;
      const int64_t count = dice_.Between(0, 9);
      for (int64_t i = 0; i < count; ++i) list += (i > 0 ? ", " : "") + std::to_string(i * i);
      for_each["items"] = "[" + list + "]";
      items_left_ -= count;
    }
    if (dice_.Percent(40)) for_each["parallelism"] = dice_.Between(1, 3);
    return for_each;
  }

  // What answers trouble, and the trouble.
  void AddPolicy(Object& step, const std::string& name) {
    StepPlan plan{.seconds = static_cast<int32_t>(dice_.Between(1, 20))};
    auto some = [&](int64_t chance, int64_t factor) {
      return trouble_ > 0 && dice_.Percent(chance) ? static_cast<int32_t>(dice_.Between(1, trouble_ * factor)) : 0;
    };
    plan.fails = some(55, 4);
    plan.out_of_memory = some(10, 2);
    plan.lost = some(31, 3);
    plan.wrong_output = some(10, 1);
    if (dice_.Percent(6)) plan.denials = static_cast<int32_t>(dice_.Between(1, 2));
    if (dice_.Percent(34)) {
      step["timeoutSeconds"] = dice_.Between(22, 60);
      plan.hangs = some(60, 4);
    }
    if (dice_.Percent(plan.fails > 0 ? 60 : 25)) step["retryPolicy"] = Retry();
    scenario_.plans[name] = plan;
  }

  Value Retry() {
    Object retry{{"limit", dice_.Between(0, 3)}};
    if (dice_.Percent(60)) retry["backoffSeconds"] = dice_.Between(0, 4);
    if (dice_.Percent(20)) retry["backoffFactorPercent"] = dice_.Between(100, 300);
    if (dice_.Percent(20)) retry["maxBackoffSeconds"] = dice_.Between(0, 10);
    if (dice_.Percent(20)) retry["retryOn"] = Array{One(std::array{"Failure", "OutOfMemory", "Timeout"})};
    if (dice_.Percent(30)) retry["infrastructureLimit"] = dice_.Between(0, 2);
    if (dice_.Percent(20)) retry["when"] = One(std::array{"exitCode != 3", "attempt < 2", "reason == 'CommandFailed'"});
    return retry;
  }

  void Events() {
    if (dice_.Percent(35)) return;
    for (int64_t i = dice_.Percent(70) ? 1 : dice_.Between(2, 3); i > 0; --i) {
      const uint64_t kind = dice_.Below(100);
      UserEvent event{.what = kind < 26   ? What::kSuspend
                              : kind < 39 ? What::kStopGraceful
                              : kind < 53 ? What::kStopImmediate
                              : kind < 70 ? What::kParallelism
                              : kind < 84 ? What::kEdit
                              : kind < 92 ? What::kRetry
                              : kind < 97 ? What::kDeadline
                                          : What::kDelete};
      if (event.what == What::kEdit && scenario_.kind == Kind::kJob) event.what = What::kParallelism;
      // Early steps: most of the run is still to come.
      event.step = known_[dice_.Below(std::min(ordinary_, 1 + ordinary_ / 2))].name;
      event.at_end = dice_.Percent(30);
      event.value = static_cast<int32_t>(dice_.Between(1, event.what == What::kParallelism ? 4 : 40));
      const bool stops = event.what == What::kStopGraceful || event.what == What::kStopImmediate;
      if (stops && dice_.Percent(60)) event.value = 0;
      if (event.what == What::kSuspend && dice_.Percent(15)) event.step.clear();
      scenario_.events.push_back(event);
    }
  }

  Dice dice_;
  Scenario scenario_;
  std::vector<Known> known_;
  size_t ordinary_ = 0;
  int64_t trouble_ = 0;
  size_t width_ = 1;
  bool caches_ = false;
  int64_t items_left_ = 60;
};

}  // namespace

Scenario Generate(uint64_t seed) { return Generator(seed).Make(); }

}  // namespace coreflow::engine
