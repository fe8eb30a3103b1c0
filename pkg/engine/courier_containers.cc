#include "pkg/engine/courier_containers.h"

#include <fmt/format.h>

#include <utility>

#include "pkg/artifact/courier_job.h"
#include "pkg/artifact/store_token.h"
#include "pkg/engine/names.h"
#include "pkg/engine/outputs.h"
#include "pkg/engine/pod_manifest.h"
#include "pkg/engine/variable_limit.h"
#include "pkg/json/bind.h"
#include "pkg/json/write.h"

namespace coreflow::engine {

namespace {

using json::Array;
using json::Object;
using json::Value;

constexpr char kVolume[] = "coreflow-artifacts";

std::string In(const std::string& folder) { return std::string(artifact::kVolumePath) + "/" + folder; }

// What both of them are told.
artifact::CourierJob JobOf(const CourierSetup& setup, const graph::Step& step, const std::string& name_space,
                           const std::string& pod) {
  artifact::CourierJob job{.url = setup.url, .certificate = setup.certificate, .name_space = name_space, .pod = pod};
  for (const auto& output : step.output_artifacts) job.outputs.push_back({output.name, output.archive});
  if (step.large_outputs) job.outputs.push_back({artifact::kOutputsArtifact, api::Archive::kNone});
  if (step.archive_logs) job.outputs.push_back({artifact::kLogArtifact, api::Archive::kNone});
  return job;
}

std::string FetchJob(const CourierSetup& setup, const FilledStep& filled, artifact::CourierJob job) {
  for (const FilledInput& filled_input : filled.inputs) {
    artifact::Input input{.name = filled_input.source->name, .list = filled_input.source->list};
    for (const artifact::Artifact& artifact : filled_input.artifacts) {
      input.parcels.push_back(
          {.artifact = artifact,
           .token = artifact::GetToken(setup.key.Reveal(), job.name_space, job.pod, artifact.digest)});
    }
    job.inputs.push_back(std::move(input));
  }
  return json::Write(ToJson(job));
}

std::string ServeJob(const CourierSetup& setup, artifact::CourierJob job) {
  job.token = artifact::PutToken(setup.key.Reveal(), job.name_space, job.pod);
  return json::Write(ToJson(job));
}

// It needs nothing of its node: the strictest of Kubernetes' pod security standards holds for it.
Value CourierSecurity() {
  return Object{{"allowPrivilegeEscalation", false},
                {"capabilities", Object{{"drop", Array{"ALL"}}}},
                {"readOnlyRootFilesystem", true},
                {"runAsNonRoot", true},
                {"runAsUser", 65532},
                {"seccompProfile", Object{{"type", "RuntimeDefault"}}}};
}

Object Courier(const CourierSetup& setup, const char* name, const char* task, const std::string& job) {
  Array command(setup.command.begin(), setup.command.end());
  command.push_back(task);
  Array env{Object{{"name", artifact::kJobVariable}, {"value", Literal(job)}}};
  Array mounts{Object{{"name", kVolume}, {"mountPath", artifact::kVolumePath}}};
  return {{"name", name},
          {"image", setup.image},
          {"command", std::move(command)},
          {"env", std::move(env)},
          {"volumeMounts", std::move(mounts)},
          {"resources",
           Object{{"requests", Object{{"cpu", "10m"}, {"memory", "32Mi"}}}, {"limits", Object{{"memory", "256Mi"}}}}},
          {"securityContext", CourierSecurity()}};
}

void Append(Object& object, const char* list, Array more) {
  Array all = object[list].Elements();
  for (Value& one : more) all.push_back(std::move(one));
  object[list] = std::move(all);
}

Array Mounts(const FilledStep& filled, bool executed) {
  Array mounts;
  const auto mount = [&](const std::string& path, const std::string& folder) {
    mounts.push_back(Object{{"name", kVolume}, {"mountPath", path}, {"subPath", folder}});
  };
  if (executed) {
    mounts.push_back(Object{{"name", kVolume},
                            {"mountPath", In(artifact::kToolFolder)},
                            {"subPath", artifact::kToolFolder},
                            {"readOnly", true}});
    mount(In(artifact::kRunFolder), artifact::kRunFolder);
  }
  for (const FilledInput& input : filled.inputs) {
    if (!input.source->list && input.artifacts.empty()) continue;
    mount(input.source->path, std::string(artifact::kInputsFolder) + "/" + input.source->name);
  }
  return mounts;
}

// `containers`: those of the pod.
Array Executed(const graph::Step& step, const Value& command, size_t containers) {
  Array words{ExecutorPath(),      "--socket",  In(artifact::kRunFolder) + "/" + artifact::kSocket,
              "--message",         kOutputPath, "--outputs",
              ExecutedOutputPath()};
  if (step.large_outputs) {
    words.push_back("--large-outputs");
    words.push_back(Literal(artifact::kOutputsArtifact));
  }
  if (step.archive_logs) {
    words.push_back("--log");
    words.push_back(
        Literal(fmt::format("{}={}:{}/log", artifact::kLogArtifact, artifact::kMostLog, In(artifact::kRunFolder))));
    words.push_back("--message-limit");
    words.push_back(std::to_string(MessageLimit(static_cast<int32_t>(containers))));
  }
  for (const auto& output : step.output_artifacts) {
    words.push_back(output.optional ? "--optional-artifact" : "--artifact");
    words.push_back(Literal(fmt::format("{}={}:{}", output.name, json::EnumName(output.archive), output.path)));
  }
  words.push_back("--");
  for (const Value& word : command.Elements()) words.push_back(word);
  return words;
}

}  // namespace

std::string ExecutedOutputPath() { return In(artifact::kRunFolder) + "/output"; }

std::string ExecutorPath() { return In(artifact::kToolFolder) + "/" + artifact::kExecutor; }

Result<void> AddCourier(const CourierSetup& setup, const FilledStep& filled, const graph::Step& step,
                        const std::string& name_space, const std::string& pod_name, Object& spec, Object& main) {
  const artifact::CourierJob job = JobOf(setup, step, name_space, pod_name);
  const std::string fetch = FetchJob(setup, filled, job);
  if (fetch.size() >= kMostOfVariable) {
    size_t parcels = 0;
    for (const FilledInput& input : filled.inputs) parcels += input.artifacts.size();
    return Error{
        .code = Code::kInvalid,
        .message = fmt::format("the inputs are {} artifacts; about {} fit: let several steps gather them first",
                               parcels, parcels * kMostOfVariable / fetch.size())};
  }
  const bool executed = step.IsExecuted();
  Array init{Courier(setup, "coreflow-fetch", "fetch", fetch)};
  if (executed) {
    Object serve = Courier(setup, "coreflow-courier", "serve", ServeJob(setup, job));
    serve["restartPolicy"] = "Always";
    init.push_back(std::move(serve));
  }
  const Value others = spec["initContainers"];
  for (const Value& other : others.Elements()) init.push_back(other);
  spec["initContainers"] = std::move(init);
  Append(spec, "volumes", {Object{{"name", kVolume}, {"emptyDir", Object()}}});
  Append(main, "volumeMounts", Mounts(filled, executed));
  if (executed) main["command"] = Executed(step, main["command"], 1 + spec["initContainers"].Elements().size());
  return {};
}

}  // namespace coreflow::engine
