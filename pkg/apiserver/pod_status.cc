#include "pkg/apiserver/pod_status.h"

#include <algorithm>

#include "pkg/apiserver/object.h"
#include "pkg/base/hash.h"

namespace coreflow::apiserver {

namespace {

constexpr size_t kMessageLimit = 4096;
constexpr size_t kAllMessagesLimit = size_t{12} * 1024;

bool IsText(const json::Value& value, std::string_view text) { return value.IsString() && value.AsString() == text; }

bool IsSidecar(const json::Value& container) { return IsText(container["restartPolicy"], "Always"); }

// What the pod says of a container so far; null: nothing.
const json::Value& EarlierStatus(const json::Value& pod, const json::Value& container) {
  static const json::Value kNone;
  for (const char* list : {"containerStatuses", "initContainerStatuses"}) {
    for (const json::Value& status : pod["status"][list].Elements()) {
      if (status["name"] == container["name"]) return status;
    }
  }
  return kNone;
}

std::string ContainerId(const json::Value& pod, const json::Value& container) {
  const std::string earlier = EarlierStatus(pod, container)["containerID"].StringOr("");
  if (!earlier.empty()) return earlier;
  return "containerd://" + Sha256Hex(UidOf(pod) + "/" + container["name"].StringOr(""));
}

std::string ImageId(const json::Value& pod, const json::Value& container) {
  const std::string earlier = EarlierStatus(pod, container)["imageID"].StringOr("");
  if (!earlier.empty()) return earlier;
  const std::string image = container["image"].StringOr("");
  return image + "@sha256:" + Sha256Hex(image);
}

// Of restarts, which only sidecars have, it says what was known before.
json::Object ContainerStatus(const json::Value& pod, const json::Value& container, json::Value state, bool started) {
  const json::Value& before = EarlierStatus(pod, container);
  const json::Value& last = before["lastState"];
  const bool existed = state.Find("waiting") == nullptr;
  json::Object status{{"name", container["name"]},
                      {"image", container["image"].StringOr("")},
                      {"imageID", existed ? ImageId(pod, container) : ""},
                      {"ready", started},
                      {"restartCount", before["restartCount"].IntOr(0)},
                      {"started", started},
                      {"state", std::move(state)},
                      {"lastState", last.IsObject() ? last : json::Value(json::Object{})}};
  if (existed) status["containerID"] = ContainerId(pod, container);
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
  json::Object terminated{{"exitCode", exit.exit_code},
                          {"reason", exit.reason},
                          {"startedAt", FormatTime(exit.started)},
                          {"finishedAt", FormatTime(exit.finished)},
                          {"containerID", ContainerId(pod, container)}};
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

// A pod's status while it is being changed: made anew once, however many fields change.
class StatusEdit {
 public:
  StatusEdit(const json::Value& pod, Time now)
      : pod_(pod),
        now_(FormatTime(now)),
        status_(pod["status"].Members()),
        conditions_(pod["status"]["conditions"].Elements()) {}

  void Set(const char* field, json::Value value) { status_[field] = std::move(value); }
  void SetNow(const char* field) { Set(field, now_); }
  void SetStatuses(const char* list, json::Array statuses) {
    if (!statuses.empty()) Set(list, std::move(statuses));
  }
  void SetObserved() { Set("observedGeneration", pod_["metadata"]["generation"]); }
  void SetCondition(const char* type, bool status, const std::string& reason = "", const std::string& message = "");
  void SetReadiness(bool ready, const std::string& reason = "", const std::string& message = "") {
    for (const char* type : {"Ready", "ContainersReady"}) SetCondition(type, ready, reason, message);
  }

  // The pod with it.
  json::Value Done() && {
    if (!conditions_.empty()) Set("conditions", std::move(conditions_));
    return apiserver::Set(pod_, {"status"}, std::move(status_));
  }

 private:
  const json::Value& pod_;
  const std::string now_;
  json::Object status_;
  json::Array conditions_;
};

void StatusEdit::SetCondition(const char* type, bool status, const std::string& reason, const std::string& message) {
  const char* word = status ? "True" : "False";
  const json::Value& generation = pod_["metadata"]["generation"];
  const auto there =
      std::ranges::find_if(conditions_, [&](const json::Value& one) { return IsText(one["type"], type); });
  const json::Value before = there == conditions_.end() ? json::Value() : *there;
  const bool stays = IsText(before["status"], word);
  if (stays && before["reason"].StringOr("") == reason && before["message"].StringOr("") == message &&
      before["observedGeneration"] == generation) {
    return;
  }
  json::Object condition{{"type", type},
                         {"status", word},
                         {"lastProbeTime", nullptr},
                         {"lastTransitionTime", stays ? before["lastTransitionTime"] : json::Value(now_)},
                         {"observedGeneration", generation}};
  if (!reason.empty()) condition["reason"] = reason;
  if (!message.empty()) condition["message"] = message;
  if (there == conditions_.end()) return static_cast<void>(conditions_.emplace_back(std::move(condition)));
  *there = json::Value(std::move(condition));
}

bool InitFailed(const json::Value& pod, const std::map<std::string, ContainerExit>& exits) {
  return std::ranges::any_of(pod["spec"]["initContainers"].Elements(), [&](const json::Value& container) {
    const auto exit = exits.find(container["name"].StringOr(""));
    return !IsSidecar(container) && exit != exits.end() && exit->second.exit_code != 0;
  });
}

// The container of that name waits for this reason, or all main ones if they wait for no init container.
void SetAllWaiting(StatusEdit& edit, const json::Value& pod, const std::string& reason, const std::string& message,
                   const std::string& blocked = "") {
  const bool initializes = !pod["spec"]["initContainers"].Elements().empty();
  for (const char* list : {"initContainers", "containers"}) {
    json::Array statuses;
    for (const json::Value& container : pod["spec"][list].Elements()) {
      const bool this_one = blocked.empty() ? !initializes : IsText(container["name"], blocked);
      const std::string other = initializes ? "PodInitializing" : "ContainerCreating";
      statuses.emplace_back(
          ContainerStatus(pod, container, this_one ? Waiting(reason, message) : Waiting(other), false));
    }
    edit.SetStatuses(list == std::string_view("containers") ? "containerStatuses" : "initContainerStatuses",
                     std::move(statuses));
  }
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

json::Value WithCondition(const json::Value& pod, const char* type, bool status, const std::string& reason,
                          const std::string& message, Time now) {
  StatusEdit edit(pod, now);
  edit.SetCondition(type, status, reason, message);
  return std::move(edit).Done();
}

json::Value BoundPod(const json::Value& pod, const std::string& node, Time now) {
  return WithCondition(Set(pod, {"spec", "nodeName"}, node), "PodScheduled", true, "", "", now);
}

json::Value UnschedulablePod(const json::Value& pod, const std::string& message, Time now) {
  return WithCondition(pod, "PodScheduled", false, "Unschedulable", message, now);
}

json::Value CreatingPod(const json::Value& pod, const std::string& host_ip, Time now) {
  const bool initializes = !pod["spec"]["initContainers"].Elements().empty();
  StatusEdit creating(pod, now);
  creating.SetObserved();
  creating.SetCondition("PodReadyToStartContainers", false);
  creating.SetCondition("Initialized", !initializes, initializes ? "ContainersNotInitialized" : "");
  creating.SetReadiness(false, "ContainersNotReady", Unready(pod));
  creating.Set("hostIP", host_ip);
  creating.Set("hostIPs", json::Array{json::Object{{"ip", host_ip}}});
  creating.SetNow("startTime");
  SetAllWaiting(creating, pod, "ContainerCreating", "");
  return std::move(creating).Done();
}

json::Value WaitingPod(const json::Value& pod, const std::string& reason, const std::string& message, Time now,
                       const std::string& container) {
  StatusEdit waiting(pod, now);
  waiting.SetCondition("PodReadyToStartContainers", true);
  SetAllWaiting(waiting, pod, reason, message, container);
  return std::move(waiting).Done();
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
  StatusEdit running(pod, now);
  running.SetObserved();
  running.Set("phase", "Running");
  for (const char* type : {"PodReadyToStartContainers", "Initialized"}) running.SetCondition(type, true);
  running.SetReadiness(true);
  running.Set("podIP", pod_ip);
  running.Set("podIPs", json::Array{json::Object{{"ip", pod_ip}}});
  running.SetStatuses("initContainerStatuses", std::move(first));
  running.SetStatuses("containerStatuses", std::move(main));
  return std::move(running).Done();
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
    const bool ended_well = IsText(pod["status"]["phase"], "Running") && !exits.contains(name);
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
  StatusEdit ended(pod, now);
  ended.SetObserved();
  ended.Set("phase", succeeded ? "Succeeded" : "Failed");
  ended.SetCondition("PodReadyToStartContainers", false);
  if (succeeded) ended.SetCondition("Initialized", true, reason);
  ended.SetReadiness(false, reason);
  ended.SetStatuses("initContainerStatuses", std::move(first));
  ended.SetStatuses("containerStatuses", std::move(main));
  return std::move(ended).Done();
}

json::Value FailedPod(const json::Value& pod, const std::string& reason, const std::string& message) {
  json::Object status = pod["status"].Members();
  status["phase"] = "Failed";
  status["reason"] = reason;
  status["message"] = message;
  return Set(pod, {"status"}, std::move(status));
}

json::Value WithRestart(const json::Value& pod, const std::string& sidecar, const ContainerExit& last,
                        std::optional<Time> since) {
  json::Array statuses = pod["status"]["initContainerStatuses"].Elements();
  for (json::Value& status : statuses) {
    if (status["name"].StringOr("") != sidecar) continue;
    json::Object now = status.Members();
    now["ready"] = since.has_value();
    now["started"] = since.has_value();
    now["lastState"] = Terminated(pod, status, last);
    now["state"] = since ? RunningState(*since) : Waiting("CrashLoopBackOff", "back-off restarting failed container");
    if (since) now["restartCount"] = status["restartCount"].IntOr(0) + 1;
    status = std::move(now);
  }
  return statuses.empty() ? pod : Set(pod, {"status", "initContainerStatuses"}, std::move(statuses));
}

json::Value WithImageIds(const json::Value& pod, const std::map<std::string, std::string>& ids) {
  json::Object with = pod["status"].Members();
  for (const char* list : {"initContainerStatuses", "containerStatuses"}) {
    json::Array statuses = pod["status"][list].Elements();
    for (json::Value& status : statuses) {
      const auto id = ids.find(status["name"].StringOr(""));
      if (id != ids.end() && !id->second.empty()) status = Set(status, {"imageID"}, id->second);
    }
    if (!statuses.empty()) with[list] = std::move(statuses);
  }
  return Set(pod, {"status"}, std::move(with));
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
