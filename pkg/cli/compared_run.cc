#include "pkg/cli/compared_run.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "pkg/api/reasons.h"
#include "pkg/artifact/artifact.h"
#include "pkg/cli/manifest.h"
#include "pkg/cli/numbered_run.h"
#include "pkg/cli/run_view.h"
#include "pkg/engine/cacheable.h"
#include "pkg/engine/pod_view.h"
#include "pkg/engine/stored_run.h"

namespace coreflow::cli {

namespace {

using Records = std::map<int32_t, json::Value>;

Records ByIndex(const std::vector<json::Value>& records) {
  Records by_index;
  for (const json::Value& record : records) by_index[static_cast<int32_t>(record["index"].IntOr(0))] = record;
  return by_index;
}

engine::RunFacts FactsOf(const FoundRun& run) {
  const engine::ObjectView view = engine::ParseObject(KindOf(run.object), run.object);
  return {.name = view.name,
          .namespace_name = view.namespace_name,
          .uid = view.uid,
          .number = static_cast<int32_t>(view.status["run"]["number"].IntOr(0)),
          .creation_time = view.creation_time,
          .start_time = ParseTime(view.status["run"]["startTime"].StringOr("")).value_or(Time{})};
}

void Rename(json::Object& members, const std::string& from, const std::string& to) {
  auto node = members.extract(from);
  if (node.empty()) return;
  node.key() = to;
  members.insert(std::move(node));
}

// A step as record 0 has it, in the words of the spec it came from, without what is compared in another way.
json::Object StepSpec(const json::Value& step) {
  json::Object members = step.Members();
  members.erase("script");
  Rename(members, "retry", "retryPolicy");
  Rename(members, "fanOut", "forEach");
  const auto inputs = members.extract("inputArtifacts");
  if (!inputs.empty()) members["inputs"] = json::Object{{"artifacts", inputs.mapped()}};
  return members;
}

json::Array StepSpecs(const json::Value& steps) {
  json::Array specs;
  for (const json::Value& step : steps.Elements()) specs.emplace_back(StepSpec(step));
  return specs;
}

// The one step of a Job is its template.
json::Value JobSpec(const json::Value& pinned) {
  const json::Array& steps = pinned["steps"].Elements();
  json::Object of_step = steps.empty() ? json::Object() : StepSpec(steps.front());
  const json::Value fan_out = of_step["forEach"];
  for (const char* name : {"name", "forEach"}) of_step.erase(name);
  json::Object spec = fan_out.Members();
  Rename(spec, "maxFailed", "maxFailedIndexes");
  for (const char* name : {"podCleanup", "ttlSecondsAfterFinished"}) {
    if (!pinned[name].IsNull()) spec[name] = pinned[name];
  }
  spec["template"] = std::move(of_step);
  return spec;
}

json::Value SpecOf(const json::Value& pinned) {
  if (pinned["kind"].StringOr("") == "Job") return JobSpec(pinned);
  json::Object spec = pinned.Members();
  spec.erase("format");
  spec.erase("traceparent");
  json::Array parameters;
  for (const json::Value& parameter : pinned["parameters"].Elements()) {
    parameters.push_back(json::Object{{"name", parameter["name"]}, {"type", parameter["type"]}});
  }
  spec["parameters"] = std::move(parameters);
  spec["outputs"] = pinned["outputs"].Elements();
  spec["steps"] = StepSpecs(pinned["steps"]);
  spec["finally"] = StepSpecs(pinned["finally"]);
  return spec;
}

// Of the images that pods ran, as far as they are there and say so; by the pods' names.
std::map<std::string, std::string> DigestsOf(const std::vector<json::Value>& pods) {
  std::map<std::string, std::string> digests;
  for (const json::Value& pod : pods) {
    for (const json::Value& container : pod["status"]["containerStatuses"].Elements()) {
      if (container["name"].StringOr("") != engine::kMainContainer) continue;
      digests[pod["metadata"]["name"].StringOr("")] = engine::ImageDigest(container["imageID"].StringOr(""));
    }
  }
  return digests;
}

bool IsTaken(const std::string& reason) {
  return reason == api::Token(api::Reason::kReused) || reason == api::Token(api::Reason::kCacheHit);
}

class Builder {
 public:
  Builder(const engine::StoredRun& stored, const RunParts& parts) : stored_(stored), digests_(DigestsOf(parts.pods)) {}

  compare::Step StepOf(const StepView& view, const api::ResolvedStep* source) const {
    compare::Step step{.name = view.name};
    if (source) step.script = source->script;
    for (const ItemView& item : view.items) step.items.push_back(ItemOf(view, item));
    step.ended = stored_.Ended(view.name) || (IsEnded(view.state) && !view.has_items);
    return step;
  }

 private:
  compare::Item ItemOf(const StepView& step, const ItemView& view) const {
    compare::Item item{.index = view.index,
                       .state = std::string(json::EnumName(view.state)),
                       .reason = view.reason,
                       .ended = IsEnded(view.state),
                       .taken = IsTaken(view.reason),
                       .attempts = view.attempt,
                       .exit_code = view.exit_code,
                       .outputs = view.outputs.Members(),
                       .artifacts = view.artifacts,
                       .start = view.start,
                       .end = view.end,
                       .pod = view.pod};
    // Logs are compared by their lines, where that is asked for.
    const auto log = item.artifacts.extract(std::string(artifact::kLogArtifact));
    if (!log.empty()) item.log = log.mapped();
    if (const json::Value* value = view.index ? stored_.ValueOf(step.name, *view.index) : nullptr) item.value = *value;
    if (const auto given = stored_.GivenTo(step.name, view.index.value_or(0))) {
      const auto image = given->parts.find("image");
      if (image != given->parts.end()) item.image = image->second;
      item.given = engine::DigestOf(*given);
    }
    const auto digest = digests_.find(view.pod);
    if (digest != digests_.end() && !item.taken) item.digest = digest->second;
    if (view.cache) item.cache_key = view.cache->key;
    return item;
  }

  const engine::StoredRun& stored_;
  const std::map<std::string, std::string> digests_;
};

}  // namespace

Result<compare::Run> ComparedRunOf(const FoundRun& run, const RunParts& parts) {
  const RunView view = ViewOf(run.object, parts.records, parts.pods);
  const Records records = ByIndex(parts.records);
  auto read = engine::StoredRun::Read(FactsOf(run), records);
  if (!read) {
    return Error{.code = read.error().code, .message = fmt::format("{}: {}", NumberedName(run), read.error().message)};
  }
  const engine::StoredRun& stored = *read;
  compare::Run compared{.name = NumberedName(run),
                        .state = view.state,
                        .reason = view.reason,
                        .over = !run.object["status"]["run"]["result"].StringOr("").empty(),
                        .start = view.start,
                        .end = view.end,
                        .spec = SpecOf(records.at(0)["spec"])};
  for (const auto& parameter : stored.source().parameters) compared.parameters[parameter.name] = parameter.value;
  std::map<std::string, const api::ResolvedStep*> sources;
  for (const auto* steps : {&stored.source().steps, &stored.source().finally}) {
    for (const api::ResolvedStep& step : *steps) sources[step.name] = &step;
  }
  const Builder builder(stored, parts);
  for (const StepView& step : view.steps) compared.steps.push_back(builder.StepOf(step, sources[step.name]));
  if (view.state == "Succeeded") {
    const json::Value outputs = stored.Outputs();
    for (const json::Value& output : outputs.Elements()) {
      compared.outputs[output["name"].StringOr("")] = output["value"];
    }
  }
  return compared;
}

}  // namespace coreflow::cli
