#include "operator/dev/pod_chance.h"

#include <chrono>
#include <random>
#include <string>

#include "pkg/base/hash.h"
#include "pkg/engine/pod_view.h"
#include "pkg/engine/pretended.h"
#include "pkg/json/write.h"

namespace coreflow::dev {

namespace {

constexpr int64_t kLeast = 100;  // milliseconds
constexpr int64_t kMost = 3000;

json::Value ZeroOf(const std::string& type) {
  if (type == "Integer" || type == "Number") return 0;
  if (type == "Boolean") return false;
  if (type == "Array") return json::Array{};
  if (type == "Object") return json::Object{};
  return "";
}

// What the step's program would leave in $COREFLOW_OUTPUT.
std::string OutputsOf(const std::string& step, const json::Value& owner) {
  const json::Value& spec = owner["spec"];
  json::Object outputs;
  const auto add = [&](const json::Value& declared) {
    for (const json::Value& output : declared["outputs"].Elements()) {
      outputs[output["name"].StringOr("")] = ZeroOf(output["type"].StringOr(""));
    }
  };
  for (const char* list : {"steps", "finally"}) {
    for (const json::Value& one : spec[list].Elements()) {
      if (one["name"] == json::Value(step)) add(one);
    }
  }
  add(spec["template"]);  // of a Job
  return outputs.empty() ? "" : json::Write(outputs);
}

}  // namespace

simulation::Behaviour BehaviourOf(const json::Value& pod, const json::Value& owner, const PodChance& chance) {
  const engine::PodView view = engine::ParsePod(pod);
  const engine::AttemptFacts facts = view.facts.value_or(engine::AttemptFacts());
  // Of a pod that is nobody's its own name.
  std::string name =
      view.namespace_name + "/" + (view.owner_name.empty() ? view.name : view.owner_name) + "/" + view.step;
  for (const int32_t number : {facts.run, facts.item, facts.attempt}) name += "/" + std::to_string(number);
  std::mt19937_64 random(Fnv1a64(name) ^ chance.seed);
  simulation::Behaviour behaviour;
  behaviour.runs_for = std::chrono::milliseconds(kLeast + static_cast<int64_t>(random() % (kMost - kLeast + 1)));
  const bool fails = static_cast<int64_t>(random() % 100) < chance.failure_rate;
  const bool starved = fails && random() % 4 == 0;
  const std::string output = fails ? "" : OutputsOf(view.step, owner);
  behaviour.end = {
      .exit_code = fails ? 1 : 0, .output = engine::PretendedMessage(pod, output), .out_of_memory = starved};
  return behaviour;
}

}  // namespace coreflow::dev
