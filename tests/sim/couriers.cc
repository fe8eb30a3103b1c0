#include "tests/sim/couriers.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "pkg/apiserver/object.h"
#include "pkg/artifact/courier_job.h"
#include "pkg/artifact/executor_message.h"
#include "pkg/base/dice.h"
#include "pkg/json/parse.h"
#include "pkg/json/write.h"

namespace coreflow::sim {

namespace {

constexpr int kRefused = 40;  // out of 1,000 artifacts

// "$$" is how a variable of a container writes "$".
std::string WithoutEscapes(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if (text.substr(i, 2) == "$$") ++i;
  }
  return out;
}

// The container that brings the inputs, and what it is told to bring.
struct Errand {
  std::string container = {};
  artifact::CourierJob job = {};
};
std::optional<Errand> ErrandOf(const json::Value& pod) {
  for (const json::Value& container : pod["spec"]["initContainers"].Elements()) {
    for (const json::Value& variable : container["env"].Elements()) {
      if (variable["name"].StringOr("") != artifact::kJobVariable) continue;
      auto job = artifact::ReadCourierJob(WithoutEscapes(variable["value"].StringOr("")));
      if (job && !job->inputs.empty()) return Errand{container["name"].StringOr(""), *std::move(job)};
    }
  }
  return std::nullopt;
}

// As courier::Fetch says it.
std::optional<std::string> WhatIsMissing(const artifact::CourierJob& job, const SimulatedStore& store) {
  for (const artifact::Input& input : job.inputs) {
    for (const artifact::Parcel& parcel : input.parcels) {
      if (store.HasBlob({.name_space = job.name_space, .digest = parcel.artifact.digest})) continue;
      return "input " + input.name + ": the data service answers 404: this namespace has no such blob";
    }
  }
  return std::nullopt;
}

}  // namespace

struct Couriers::Carrier {
  std::string name_space = {};
  std::string name = {};
  std::string uid = {};
  std::string large_outputs = {};
};

void Couriers::Accompany(const json::Value& pod, const std::string& large_outputs, simulation::Behaviour& behaviour) {
  const Carrier carrier{.name_space = apiserver::NamespaceOf(pod),
                        .name = apiserver::NameOf(pod),
                        .uid = apiserver::UidOf(pod),
                        .large_outputs = large_outputs};
  if (auto errand = ErrandOf(pod)) {
    behaviour.before_start = [this, uid = carrier.uid,
                              errand = *std::move(errand)]() -> std::optional<simulation::InitFailure> {
      const auto missing = WhatIsMissing(errand.job, store_);
      if (!missing) return std::nullopt;
      hooks_.on_missing(uid, errand.job.name_space + "/" + errand.job.pod + " " + *missing);
      return simulation::InitFailure{.container = errand.container, .message = *missing + "\n"};
    };
  }
  if (!artifact::ReadExecutorMessage(behaviour.end.output)) return;
  behaviour.before_end = [this, carrier](simulation::ContainerEnd& end) { Keep(carrier, end); };
}

// What is not kept coreflow-exec says in its message; but for a log, which nothing depends on.
void Couriers::Keep(const Carrier& pod, simulation::ContainerEnd& end) {
  const auto message = artifact::ReadExecutorMessage(end.output);
  if (!message) return;
  Dice dice(seed_, pod.name_space + "/" + pod.name);
  json::Object said = json::Parse(end.output)->Members();
  json::Object artifacts = said["artifacts"].Members();
  for (const auto& [name, stored] : message->artifacts) {
    if (!dice.Chance(kRefused) || healed_) {
      store_.PutBlob({.name_space = pod.name_space, .digest = stored.digest}, stored.bytes,
                     name == artifact::kOutputsArtifact ? pod.large_outputs : "");
      continue;
    }
    artifacts.erase(name);
    const std::string problem = "artifact " + name + ": the data service answers 507: the store is full";
    if (name != artifact::kLogArtifact && !said.contains("problem")) said["problem"] = problem;
    hooks_.on_refused(pod.uid, fmt::format("{}/{} {}", pod.name_space, pod.name, problem));
  }
  said["artifacts"] = std::move(artifacts);
  end.output = json::Write(said);
}

}  // namespace coreflow::sim
