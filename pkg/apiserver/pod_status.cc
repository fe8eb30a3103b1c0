#include "pkg/apiserver/pod_status.h"

#include <algorithm>

#include "pkg/apiserver/object.h"
#include "pkg/base/hash.h"

namespace coreflow::apiserver {

namespace {

constexpr size_t kMessageLimit = 4096;
constexpr size_t kAllMessagesLimit = size_t{12} * 1024;

bool IsSidecar(const json::Value& container) { return container["restartPolicy"].StringOr("") == "Always"; }

// What the pod says of one of its sidecars, which are all that is ever started again; null: nothing.
json::Value SidecarStatus(const json::Value& pod, const json::Value& container) {
  if (!IsSidecar(container)) return {};
  const json::Array& all = pod["status"]["initContainerStatuses"].Elements();
  const auto status = std::ranges::find_if(all, [&](const auto& one) { return one["name"] == container["name"]; });
  return status == all.end() ? json::Value() : *status;
}

json::Object ContainerStatus(const json::Value& pod, const json::Value& container, json::Value state, bool started) {
  const std::string image = container["image"].StringOr("");
  const json::Value before = SidecarStatus(pod, container);
  const json::Value& last = before["lastState"];
  json::Object status{{"name", container["name"]},
                      {"image", image},
                      {"imageID", ""},
                      {"ready", started},
                      {"restartCount", before["restartCount"].IntOr(0)},
                      {"started", started},
                      {"state", state},
                      {"lastState", last.IsObject() ? last : json::Value(json::Object{})}};
  const bool existed = state.Find("waiting") == nullptr;
  if (existed) {
    status["imageID"] = image + "@sha256:" + Sha256Hex(image);
    status["containerID"] = "containerd://" + Sha256Hex(UidOf(pod) + "/" + container["name"].StringOr(""));
  }
  return status;
}

json::Value Waiting(const std::string& reason, const std::string& message = "") {
  json::Object waiting{{"reason", reason}};
  if (!message.empty()) waiting["message"] = message;
  return json::Object{{"waiting", std::move(waiting)}};
}

json::Value RunningState(Time started) {
  return json::Object{{"running", json::Object{{"startedAt", FormatTime(started)}}}};
}

json::Value Terminated(const json::Value& pod, const json::Value& container, const ContainerExit& exit) {
  json::Object terminated{
      {"exitCode", exit.exit_code},
      {"reason", exit.reason},
      {"startedAt", FormatTime(exit.started)},
      {"finishedAt", FormatTime(exit.finished)},
      {"containerID", "containerd://" + Sha256Hex(UidOf(pod) + "/" + container["name"].StringOr(""))}};
  if (!exit.message.empty()) terminated["message"] = TerminationMessage(exit.message, ContainerCount(pod));
  return json::Object{{"terminated", std::move(terminated)}};
}

std::string Unready(const json::Value& pod) {
  std::string names;
  for (const json::Value& container : pod["spec"]["containers"].Elements()) {
    if (!names.empty()) names += " ";
    names += container["name"].StringOr("");
  }
  return "containers with unready status: [" + names + "]";
}

json::Value WithReadiness(json::Value pod, bool ready, const std::string& reason, const std::string& message,
                          Time now) {
  for (const char* type : {"Ready", "ContainersReady"}) pod = WithCondition(pod, type, ready, reason, message, now);
  return pod;
}

json::Value WithStatuses(const json::Value& pod, const char* list, json::Array statuses) {
  return statuses.empty() ? pod : Set(pod, {"status", list}, json::Value(std::move(statuses)));
}

json::Value Observed(const json::Value& pod) {
  return Set(pod, {"status", "observedGeneration"}, pod["metadata"]["generation"]);
}

bool InitFailed(const json::Value& pod, const std::map<std::string, ContainerExit>& exits) {
  return std::ranges::any_of(pod["spec"]["initContainers"].Elements(), [&](const json::Value& container) {
    const auto exit = exits.find(container["name"].StringOr(""));
    const bool sidecar = container["restartPolicy"] == json::Value("Always");
    return !sidecar && exit != exits.end() && exit->second.exit_code != 0;
  });
}

// The container of that name waits for this reason, or all main ones if they wait for no init container.
json::Value AllWaiting(json::Value pod, const std::string& reason, const std::string& message,
                       const std::string& blocked = "") {
  const bool initializes = !pod["spec"]["initContainers"].Elements().empty();
  for (const char* list : {"initContainers", "containers"}) {
    json::Array statuses;
    for (const json::Value& container : pod["spec"][list].Elements()) {
      const bool this_one = blocked.empty() ? !initializes : container["name"] == json::Value(blocked);
      const std::string other = initializes ? "PodInitializing" : "ContainerCreating";
      statuses.emplace_back(
          ContainerStatus(pod, container, this_one ? Waiting(reason, message) : Waiting(other), false));
    }
    pod = WithStatuses(pod, list == std::string_view("containers") ? "containerStatuses" : "initContainerStatuses",
                       std::move(statuses));
  }
  return pod;
}

ContainerExit ExitOf(const std::string& name, const std::map<std::string, ContainerExit>& exits, Time now) {
  auto it = exits.find(name);
  if (it != exits.end()) return it->second;
  return {.exit_code = 137,
          .reason = "ContainerStatusUnknown",
          .message = "The container could not be located when the pod was terminated",
          .started = now,
          .finished = now};
}

}  // namespace

json::Value WithCondition(const json::Value& pod, const std::string& type, bool status, const std::string& reason,
                          const std::string& message, Time now) {
  json::Object condition{{"type", type},
                         {"status", status ? "True" : "False"},
                         {"lastProbeTime", nullptr},
                         {"lastTransitionTime", FormatTime(now)},
                         {"observedGeneration", pod["metadata"]["generation"]}};
  if (!reason.empty()) condition["reason"] = reason;
  if (!message.empty()) condition["message"] = message;
  json::Array conditions = pod["status"]["conditions"].Elements();
  for (json::Value& there : conditions) {
    if (there["type"] != json::Value(type)) continue;
    if (there["status"] == condition["status"]) condition["lastTransitionTime"] = there["lastTransitionTime"];
    there = json::Value(std::move(condition));
    return Set(pod, {"status", "conditions"}, json::Value(std::move(conditions)));
  }
  conditions.emplace_back(std::move(condition));
  return Set(pod, {"status", "conditions"}, json::Value(std::move(conditions)));
}

json::Value BoundPod(const json::Value& pod, const std::string& node, Time now) {
  return WithCondition(Set(pod, {"spec", "nodeName"}, node), "PodScheduled", true, "", "", now);
}

json::Value UnschedulablePod(const json::Value& pod, const std::string& message, Time now) {
  return WithCondition(pod, "PodScheduled", false, "Unschedulable", message, now);
}

json::Value CreatingPod(const json::Value& pod, const std::string& host_ip, Time now) {
  const bool initializes = !pod["spec"]["initContainers"].Elements().empty();
  json::Value creating = Observed(pod);
  creating = WithCondition(creating, "PodReadyToStartContainers", false, "", "", now);
  creating = initializes ? WithCondition(creating, "Initialized", false, "ContainersNotInitialized", "", now)
                         : WithCondition(creating, "Initialized", true, "", "", now);
  creating = WithReadiness(creating, false, "ContainersNotReady", Unready(pod), now);
  creating = Set(creating, {"status", "hostIP"}, host_ip);
  creating = Set(creating, {"status", "hostIPs"}, json::Array{json::Object{{"ip", host_ip}}});
  creating = Set(creating, {"status", "startTime"}, FormatTime(now));
  return AllWaiting(creating, "ContainerCreating", "");
}

json::Value WaitingPod(const json::Value& pod, const std::string& reason, const std::string& message, Time now,
                       const std::string& container) {
  return AllWaiting(WithCondition(pod, "PodReadyToStartContainers", true, "", "", now), reason, message, container);
}

json::Value RunningPod(const json::Value& pod, const std::string& pod_ip, Time now) {
  json::Array first;
  json::Array main;
  for (const json::Value& container : pod["spec"]["initContainers"].Elements()) {
    const bool stays = IsSidecar(container);
    const ContainerExit done{.reason = "Completed", .started = now, .finished = now};
    first.emplace_back(
        ContainerStatus(pod, container, stays ? RunningState(now) : Terminated(pod, container, done), stays));
  }
  for (const json::Value& container : pod["spec"]["containers"].Elements()) {
    main.emplace_back(ContainerStatus(pod, container, RunningState(now), true));
  }
  json::Value running = Set(Observed(pod), {"status", "phase"}, "Running");
  for (const char* type : {"PodReadyToStartContainers", "Initialized"}) {
    running = WithCondition(running, type, true, "", "", now);
  }
  running = WithReadiness(running, true, "", "", now);
  running = Set(running, {"status", "podIP"}, pod_ip);
  running = Set(running, {"status", "podIPs"}, json::Array{json::Object{{"ip", pod_ip}}});
  running = WithStatuses(running, "initContainerStatuses", std::move(first));
  return WithStatuses(running, "containerStatuses", std::move(main));
}

json::Value EndedPod(const json::Value& pod, const std::map<std::string, ContainerExit>& exits, Time now) {
  bool succeeded = true;
  json::Array first;
  json::Array main;
  // The rest waits for ever for an init container that failed.
  const bool init_failed = InitFailed(pod, exits);
  const auto waits = [&](const json::Value& container) {
    return init_failed && !exits.contains(container["name"].StringOr(""));
  };
  for (const json::Value& container : pod["spec"]["initContainers"].Elements()) {
    if (waits(container)) {
      first.emplace_back(ContainerStatus(pod, container, Waiting("PodInitializing"), false));
      continue;
    }
    const std::string name = container["name"].StringOr("");
    const bool ended_well = pod["status"]["phase"].StringOr("") == "Running" && !exits.contains(name);
    const ContainerExit exit =
        ended_well ? ContainerExit{.reason = "Completed", .started = now, .finished = now} : ExitOf(name, exits, now);
    first.emplace_back(ContainerStatus(pod, container, Terminated(pod, container, exit), false));
  }
  for (const json::Value& container : pod["spec"]["containers"].Elements()) {
    if (waits(container)) {
      main.emplace_back(ContainerStatus(pod, container, Waiting("PodInitializing"), false));
      succeeded = false;
      continue;
    }
    const ContainerExit exit = ExitOf(container["name"].StringOr(""), exits, now);
    succeeded = succeeded && exit.exit_code == 0;
    main.emplace_back(ContainerStatus(pod, container, Terminated(pod, container, exit), false));
  }
  const char* reason = succeeded ? "PodCompleted" : "PodFailed";
  json::Value ended = Set(Observed(pod), {"status", "phase"}, succeeded ? "Succeeded" : "Failed");
  ended = WithCondition(ended, "PodReadyToStartContainers", false, "", "", now);
  if (succeeded) ended = WithCondition(ended, "Initialized", true, reason, "", now);
  ended = WithReadiness(ended, false, reason, "", now);
  ended = WithStatuses(ended, "initContainerStatuses", std::move(first));
  return WithStatuses(ended, "containerStatuses", std::move(main));
}

json::Value FailedPod(const json::Value& pod, const std::string& reason, const std::string& message) {
  json::Value failed = Set(pod, {"status", "phase"}, "Failed");
  return Set(Set(failed, {"status", "reason"}, reason), {"status", "message"}, message);
}

json::Value WithRestart(const json::Value& pod, const std::string& sidecar, const ContainerExit& last,
                        std::optional<Time> since) {
  json::Array statuses = pod["status"]["initContainerStatuses"].Elements();
  for (json::Value& status : statuses) {
    if (status["name"].StringOr("") != sidecar) continue;
    json::Object now = status.Members();
    now["ready"] = now["started"] = since.has_value();
    now["lastState"] = Terminated(pod, status, last);
    now["state"] = since ? RunningState(*since) : Waiting("CrashLoopBackOff", "back-off restarting failed container");
    if (since) now["restartCount"] = status["restartCount"].IntOr(0) + 1;
    status = std::move(now);
  }
  return WithStatuses(pod, "initContainerStatuses", std::move(statuses));
}

json::Value WithImageIds(const json::Value& pod, const std::map<std::string, std::string>& ids) {
  json::Value with = pod;
  for (const char* list : {"initContainerStatuses", "containerStatuses"}) {
    json::Array statuses = pod["status"][list].Elements();
    for (json::Value& status : statuses) {
      const auto id = ids.find(status["name"].StringOr(""));
      if (id != ids.end() && !id->second.empty()) status = Set(status, {"imageID"}, id->second);
    }
    with = WithStatuses(with, list, std::move(statuses));
  }
  return with;
}

std::string TerminationMessage(const std::string& output, size_t containers) {
  std::string kept = output.size() > kMessageLimit ? output.substr(output.size() - kMessageLimit) : output;
  const size_t share = kAllMessagesLimit / (containers == 0 ? 1 : containers);
  if (kept.size() > share) kept.resize(share);
  return kept;
}

size_t ContainerCount(const json::Value& pod) {
  const json::Value& spec = pod["spec"];
  return spec["containers"].Elements().size() + spec["initContainers"].Elements().size() +
         spec["ephemeralContainers"].Elements().size();
}

}  // namespace coreflow::apiserver
