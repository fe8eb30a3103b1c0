#include "pkg/engine/outcome.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "pkg/artifact/executor_message.h"
#include "pkg/engine/outputs.h"

namespace coreflow::engine {

namespace {

using api::Reason;

// Words of a container are worth showing, but not all 4 KiB of them.
std::string Short(const std::string& text) { return text.size() <= 300 ? text : text.substr(0, 297) + "..."; }

std::string Because(std::string_view what, const std::string& said) {
  return said.empty() ? std::string(what) : fmt::format("{}: {}", what, Short(said));
}

Outcome Infrastructure(Reason reason, std::string message) {
  return {.kind = Outcome::Kind::kInfrastructure, .reason = reason, .message = std::move(message)};
}

// Pod reasons with which the kubelet or the control plane says that the pod ended for causes of the cluster.
std::optional<Outcome> ClusterOutcome(const PodView& pod) {
  constexpr std::array<std::pair<std::string_view, Reason>, 8> kReasons{{
      {"Evicted", Reason::kEvicted},
      {"NodeLost", Reason::kNodeLost},
      {"NodeShutdown", Reason::kNodeLost},
      {"Terminated", Reason::kNodeLost},
      {"Shutdown", Reason::kNodeLost},
      {"Preempting", Reason::kPreempted},
      {"UnexpectedAdmissionError", Reason::kPodRejected},
      {"NodeAffinity", Reason::kPodRejected},
  }};
  for (const auto& [token, reason] : kReasons) {
    if (pod.reason == token) return Infrastructure(reason, Because(token, pod.message));
  }
  if (pod.reason.starts_with("OutOf")) return Infrastructure(Reason::kPodRejected, Because(pod.reason, pod.message));
  if (pod.disrupted) return Infrastructure(Reason::kPreempted, Because("the cluster ended the pod", pod.message));
  return std::nullopt;
}

Outcome FailedContainer(const PodView& pod) {
  Outcome outcome{.kind = Outcome::Kind::kFailure, .exit_code = pod.exit_code};
  if (pod.exit_reason == "OOMKilled") {
    outcome.kind = Outcome::Kind::kOutOfMemory;
    outcome.reason = Reason::kOutOfMemory;
    outcome.message = "the container used more memory than its limit and was killed";
  } else if (pod.exit_reason == "ContainerCannotRun" || pod.exit_reason == "StartError") {
    outcome.reason = Reason::kStartError;
    outcome.message = Because("the container could not start", pod.termination_message);
  } else {
    outcome.reason = Reason::kCommandFailed;
    // The runtime may see the exit before the kernel's word of what it was for.
    const char* killed = pod.exit_code == 137 ? ", killed by SIGKILL: perhaps it ran out of memory" : "";
    outcome.message = Because(fmt::format("exit code {}{}", pod.exit_code, killed), pod.termination_message);
  }
  return outcome;
}

// Whether the container had ended when somebody asked for the pod's deletion: then that is not why. Times have seconds,
// and the kubelet's confirmation (grace period 0) moves the deletion's to its own. Where they say nothing the exit code
// decides: what SIGTERM and SIGKILL leave behind is put down to the deletion. Memory that ran out is never.
bool EndedBeforeDeletion(const PodView& pod) {
  if (pod.ended && pod.exit_reason == "OOMKilled") return true;
  if (!pod.ended || !pod.finished_at) return false;
  const Time asked = *pod.deletion_time - std::chrono::seconds(pod.deletion_grace_seconds.value_or(0));
  if (*pod.finished_at > asked) return false;
  const bool certain = *pod.finished_at < asked && pod.deletion_grace_seconds != 0;
  return certain || (pod.exit_code != 143 && pod.exit_code != 137);
}

// Of the courier's own containers. What is not there for the step to start with is none of its failures.
bool IsCouriers(const PodView& pod) { return pod.failed_init_container.starts_with(kCourierPrefix); }

Outcome JudgeFailed(const PodView& pod) {
  if (pod.reason == "DeadlineExceeded") {
    return {
        .kind = Outcome::Kind::kTimeout, .reason = Reason::kTimeout, .message = "the pod ran longer than its deadline"};
  }
  if (auto cluster = ClusterOutcome(pod)) return *cluster;
  if (pod.ended && pod.exit_reason == "ContainerStatusUnknown") {
    return Infrastructure(Reason::kNodeLost, "the node no longer knows how the container ended");
  }
  if (pod.deletion_time && !EndedBeforeDeletion(pod)) {
    return Infrastructure(Reason::kPodDeleted, "the pod was deleted while it ran, by somebody else");
  }
  if (pod.ended && pod.exit_code != 0) return FailedContainer(pod);
  if (!pod.init_failure.empty() && IsCouriers(pod)) return Infrastructure(Reason::kArtifactFailed, pod.init_failure);
  if (!pod.init_failure.empty()) {
    return {.kind = Outcome::Kind::kFailure, .reason = Reason::kCommandFailed, .message = pod.init_failure};
  }
  if (!pod.ended)
    return Infrastructure(Reason::kPodFailed, Because("the pod failed before its container ran", pod.message));
  return {.kind = Outcome::Kind::kFailure,
          .reason = Reason::kPodFailed,
          .message = Because("the container ended with code 0 but the pod failed", pod.message),
          .exit_code = 0};
}

Outcome Unfit(Reason reason, std::string message) {
  return {.kind = Outcome::Kind::kFailure, .reason = reason, .message = std::move(message), .exit_code = 0};
}

Outcome JudgeSucceeded(const PodView& pod, std::span<const graph::OutputDeclaration> outputs) {
  ParsedOutputs parsed = ParseOutputs(pod.termination_message, pod.containers, outputs);
  if (parsed.reason != Reason::kSucceeded) return Unfit(parsed.reason, std::move(parsed.message));
  return {.kind = Outcome::Kind::kSucceeded, .exit_code = 0, .outputs = std::move(parsed.values)};
}

// Takes the artifacts that are declared; why they are not all there, or nothing.
std::string TakeArtifacts(const artifact::ExecutorMessage& message, std::span<const graph::OutputArtifact> declared,
                          artifact::Artifacts& taken) {
  std::string problem = message.problem;
  for (const graph::OutputArtifact& artifact : declared) {
    const auto stored = message.artifacts.find(artifact.name);
    if (stored != message.artifacts.end()) {
      taken[artifact.name] = {
          .digest = stored->second.digest, .bytes = stored->second.bytes, .archive = artifact.archive};
    } else if (!artifact.optional && problem.empty()) {
      problem = fmt::format("artifact {} was not stored", artifact.name);
    }
  }
  return problem;
}

// What was written as the outputs, where that is too large for the message itself.
bool TakeLargeOutputs(const artifact::ExecutorMessage& message, artifact::Artifacts& taken) {
  const auto stored = message.artifacts.find(artifact::kOutputsArtifact);
  if (stored == message.artifacts.end()) return false;
  taken[artifact::kOutputsArtifact] = {.digest = stored->second.digest, .bytes = stored->second.bytes};
  return true;
}

// What was printed, where that is kept. Nothing depends on it, so that it is missing is no problem.
void TakeLog(const artifact::ExecutorMessage& message, const graph::Step& step, artifact::Artifacts& taken) {
  const auto stored = message.artifacts.find(artifact::kLogArtifact);
  if (!step.archive_logs || stored == message.artifacts.end()) return;
  taken[artifact::kLogArtifact] = {.digest = stored->second.digest, .bytes = stored->second.bytes};
}

// The same for a container whose command coreflow-exec ran.
Outcome JudgeExecuted(const PodView& pod, const graph::Step& step) {
  const auto message = artifact::ReadExecutorMessage(pod.termination_message);
  PodView plain = pod;
  if (message) plain.termination_message = message->outputs;
  if (pod.phase != "Succeeded") {
    Outcome outcome = JudgeFailed(plain);
    if (message) TakeArtifacts(*message, step.output_artifacts, outcome.artifacts);
    if (message) TakeLog(*message, step, outcome.artifacts);
    if (message) outcome.usage = message->usage;
    return outcome;
  }
  const ParsedOutputs whole = ParseOutputs(pod.termination_message, pod.containers, {});
  if (whole.reason == Reason::kOutputsTooLarge) return Unfit(whole.reason, whole.message);
  if (!message) return Unfit(Reason::kArtifactFailed, message.error().message);
  artifact::Artifacts taken;
  std::string problem = TakeArtifacts(*message, step.output_artifacts, taken);
  TakeLog(*message, step, taken);
  Outcome outcome{.exit_code = 0};
  if (!problem.empty()) {
    outcome = Unfit(Reason::kArtifactFailed, problem);
  } else if (!step.large_outputs || !TakeLargeOutputs(*message, taken)) {
    outcome = JudgeSucceeded(plain, step.outputs);
  }
  outcome.artifacts = std::move(taken);
  outcome.usage = message->usage;
  return outcome;
}

// The attempt's end when CoreFlow itself ended it.
Outcome Ended(const PodView& pod, const graph::Step& step) {
  Outcome outcome{.kind = Outcome::Kind::kStopped, .reason = Reason::kStopped, .message = "ended because the run ends"};
  if (pod.ending == Ending::kTimeout) {
    outcome = {
        .kind = Outcome::Kind::kTimeout, .reason = Reason::kTimeout, .message = "ran longer than timeoutSeconds"};
  }
  if (pod.ended) outcome.exit_code = pod.exit_code;
  const auto message = artifact::ReadExecutorMessage(pod.termination_message);
  if (message) TakeLog(*message, step, outcome.artifacts);
  return outcome;
}

}  // namespace

std::optional<Outcome> Judge(const PodView& pod, const graph::Step& step) {
  const bool terminal = pod.phase == "Succeeded" || pod.phase == "Failed";
  const bool confirmed_gone = pod.deletion_time && pod.deletion_grace_seconds == 0;
  if (!terminal && !confirmed_gone) return std::nullopt;
  if (pod.ending != Ending::kNone) return Ended(pod, step);
  if (!terminal) {
    return Infrastructure(Reason::kPodDeleted, "the pod was deleted before it ended, by somebody else");
  }
  if (step.IsExecuted()) return JudgeExecuted(pod, step);
  return pod.phase == "Succeeded" ? JudgeSucceeded(pod, step.outputs) : JudgeFailed(pod);
}

std::optional<Waiting> WhyWaiting(const PodView& pod) {
  if (pod.started_at || pod.phase == "Succeeded" || pod.phase == "Failed") return std::nullopt;
  const std::string& why = pod.waiting_reason;
  if (why == "CreateContainerConfigError" || why == "InvalidImageName" || why == "CreateContainerError") {
    return Waiting{.reason = Reason::kMisconfigured, .message = Because(why, pod.waiting_message)};
  }
  if (why == "ErrImagePull" || why == "ImagePullBackOff" || why == "ErrImageNeverPull") {
    return Waiting{.reason = Reason::kImagePullError, .message = Because(why, pod.waiting_message)};
  }
  if (pod.node.empty() && !pod.unschedulable_message.empty()) {
    return Waiting{.reason = Reason::kWaitingForCapacity, .message = Short(pod.unschedulable_message)};
  }
  return Waiting{.reason = Reason::kStarting, .message = why.empty() ? "the pod is being started" : why};
}

}  // namespace coreflow::engine
