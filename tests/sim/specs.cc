#include "tests/sim/specs.h"

#include <set>
#include <string>
#include <vector>

namespace coreflow::sim {

namespace {

using json::Array;
using json::Object;
using json::Value;

std::string NumberList(int64_t length) {
  std::string list = "[";
  for (int64_t i = 0; i < length; ++i) list += (i ? "," : "") + std::to_string(i * 10);
  return list + "]";
}

Value RetryPolicy(Dice& random) {
  Object policy;
  if (random.Chance(600)) policy["limit"] = random.Between(0, 3);
  if (random.Chance(700)) policy["backoffSeconds"] = random.Between(0, 20);
  if (random.Chance(300)) policy["infrastructureLimit"] = random.Between(0, 4);
  if (random.Chance(200)) policy["retryOn"] = Array{"Failure", "OutOfMemory"};
  if (random.Chance(100)) policy["when"] = "attempt < 3";
  return policy;
}

// Few commands, so that many steps compute the same. What makes lists makes those of its name.
void Cache(Object& step, Dice& random) {
  step["image"] = "busybox@sha256:" + std::string(64, 'a');
  step["command"] = Array{"work", std::to_string(random.Below(3))};
  const std::string name = step["name"].StringOr("");
  Object cache{{"mode", random.Chance(900) ? "Auto" : "Refresh"}};
  if (name.starts_with(kMakesList)) cache["salt"] = name;
  if (random.Chance(100)) cache["ttlSeconds"] = random.Between(1, 600);
  step["cache"] = std::move(cache);
}

// What any step may have, beside its place in the graph.
Object Step(Dice& random, std::string name) {
  Object step{{"name", std::move(name)}, {"command", Array{"work", std::to_string(random.Below(1000))}}};
  if (random.Chance(600)) step["retryPolicy"] = RetryPolicy(random);
  if (random.Chance(250)) step["timeoutSeconds"] = random.Between(2, 60);
  if (random.Chance(150)) step["continueOnFailure"] = true;
  if (random.Chance(150)) step["when"] = random.Chance(500) ? "1 < 2" : "2 < 1";
  if (random.Chance(200)) Cache(step, random);
  if (random.Chance(150)) step["archiveLogs"] = true;
  return step;
}

std::string StepName(Dice& random, size_t index) {
  const std::string number = std::to_string(index);
  return random.Chance(250) ? std::string(kMakesList) + std::to_string(random.Below(5)) + "-" + number : "s" + number;
}

// Which steps before it the step at `index` depends on, for one of four shapes.
std::vector<size_t> ParentsOf(size_t index, uint64_t shape, Dice& random) {
  std::vector<size_t> parents;
  for (size_t i = 0; i < index; ++i) {
    const bool chain = i + 1 == index;
    const bool diamond = i == 0 || (i + 1 == index && index > 2);
    const bool wide = i == 0;
    const bool wanted = shape == 0 ? chain : shape == 1 ? diamond : shape == 2 ? wide : random.Chance(300);
    if (wanted) parents.push_back(i);
  }
  return parents;
}

void FanOut(Object& step, const std::vector<std::string>& parents, Dice& random) {
  Object for_each{{"items", NumberList(random.Between(0, 5))}};
  for (const std::string& parent : parents) {
    std::string source = parent;
    for (char& c : source) c = c == '-' ? '_' : c;
    if (parent.starts_with(kMakesList)) for_each["items"] = "steps." + source + ".outputs.list";
  }
  if (random.Chance(400)) for_each["parallelism"] = random.Between(1, 3);
  step["forEach"] = std::move(for_each);
}

// So many more of those with a cache that a result which is kept often has one.
void LeaveArtifact(Object& step, Dice& random) {
  if (!random.Chance(step.contains("cache") ? 600 : 250)) return;
  step["outputArtifacts"] = Array{Object{{"name", "data"}, {"path", "/out/data"}}};
}

// Leaves one, and takes that of a step it depends on.
void Artifacts(Object& step, const std::vector<std::string>& parents, const std::set<std::string>& with_artifact,
               Dice& random) {
  LeaveArtifact(step, random);
  for (const std::string& parent : parents) {
    if (!with_artifact.contains(parent) || random.Chance(500)) continue;
    const std::string from = "steps['" + parent + "'].artifacts.data";
    step["inputs"] =
        Object{{"artifacts", Array{Object{{"name", "given"}, {"path", "/given"}, {"from", from}, {"optional", true}}}}};
  }
}

Array ListOutput(const std::string& step) {
  Object list{{"name", "list"}, {"type", "Array"}};
  if (MakesLargeList(step)) list["large"] = true;
  return Array{std::move(list)};
}

Array Steps(Dice& random) {
  const size_t count = 1 + random.Below(6);
  const uint64_t shape = random.Below(4);
  std::vector<std::string> names;
  std::set<std::string> with_artifact;
  Array steps;
  for (size_t i = 0; i < count; ++i) {
    names.push_back(StepName(random, i));
    Object step = Step(random, names.back());
    std::vector<std::string> parents;
    for (size_t parent : ParentsOf(i, shape, random)) parents.push_back(names[parent]);
    Array depends_on;
    for (const std::string& parent : parents) depends_on.push_back(parent);
    if (!depends_on.empty()) step["dependsOn"] = std::move(depends_on);
    if (!parents.empty() && random.Chance(300)) {
      const char* kRules[] = {"Finished", "AnySucceeded", "AllFailed"};
      step["runAfter"] = kRules[random.Below(3)];
    }
    const bool makes = names.back().starts_with(kMakesList);
    if (makes) step["outputs"] = ListOutput(names.back());
    if (!makes && random.Chance(400)) FanOut(step, parents, random);
    Artifacts(step, parents, with_artifact, random);
    if (step.contains("outputArtifacts")) with_artifact.insert(names.back());
    steps.push_back(std::move(step));
  }
  return steps;
}

void Controls(Object& spec, Dice& random) {
  if (random.Chance(300)) spec["parallelism"] = random.Between(1, 4);
  if (random.Chance(200)) spec["timeoutSeconds"] = random.Between(10, 300);
  if (random.Chance(300)) spec["podCleanup"] = random.Chance(500) ? "OnCompletion" : "Never";
  if (random.Chance(100)) spec["ttlSecondsAfterFinished"] = random.Between(0, 120);
}

}  // namespace

int64_t ListLength(const std::string& step) {
  const size_t digit = sizeof kMakesList - 1;
  return step.size() > digit ? step[digit] - '0' : 0;
}

bool MakesLargeList(const std::string& step) { return ListLength(step) % 2 == 1; }

json::Value RandomWorkflowSpec(Dice& random) {
  Object spec{{"defaults", Object{{"image", "busybox:1.36"}}}, {"steps", Steps(random)}};
  Controls(spec, random);
  if (random.Chance(200)) spec["failFast"] = false;
  if (random.Chance(300)) spec["onChange"] = "Restart";
  if (random.Chance(300)) {
    Array finally;
    for (uint64_t i = 0; i <= random.Below(2); ++i) finally.push_back(Step(random, "f" + std::to_string(i)));
    spec["finally"] = std::move(finally);
  }
  return spec;
}

json::Value RandomJobSpec(Dice& random) {
  Object step = Step(random, "");
  for (const char* unknown : {"name", "continueOnFailure", "when"}) step.erase(unknown);
  step["image"] = "busybox:1.36";
  LeaveArtifact(step, random);
  Object spec{{"template", std::move(step)}, {"completions", random.Between(1, 6)}};
  Controls(spec, random);
  if (random.Chance(300)) spec["maxFailedIndexes"] = random.Between(0, 3);
  return spec;
}

json::Value Edited(const json::Value& spec, bool workflow, Dice& random) {
  Object edited = spec.Members();
  if (!workflow || random.Chance(300)) {
    edited["parallelism"] = random.Between(1, 5);
    return edited;
  }
  if (random.Chance(200)) return RandomWorkflowSpec(random);
  Array steps = spec["steps"].Elements();
  Object step = steps.back().Members();
  step["command"] = Array{"work", "edited-" + std::to_string(random.Below(1000))};
  steps.back() = std::move(step);
  edited["steps"] = std::move(steps);
  return edited;
}

}  // namespace coreflow::sim
