#include "pkg/simulation/kubelet.h"

#include <algorithm>
#include <utility>

#include "pkg/apiserver/object.h"

namespace coreflow::simulation {

namespace {

constexpr const char* kSchedulerAgent = "kube-scheduler";
constexpr const char* kKubeletAgent = "kubelet";
// From a write to the moment the kubelet's watch shows it.
constexpr Duration kHears = std::chrono::milliseconds(5);

apiserver::ContainerExit ExitOf(const ContainerEnd& end, Time started, Time now) {
  const bool killed = end.out_of_memory;
  return {.exit_code = killed ? 137 : end.exit_code,
          .reason = killed               ? "OOMKilled"
                    : end.exit_code == 0 ? "Completed"
                                         : "Error",
          .message = end.output,
          .started = started,
          .finished = now};
}

}  // namespace

Kubelet::Kubelet(Loop& loop, apiserver::Registry& registry, PodScript script, int nodes)
    : loop_(loop), registry_(registry), script_(std::move(script)) {
  for (int i = 1; i <= nodes; ++i) nodes_.push_back("node-" + std::to_string(i));
  registry_.store().Observe([this, alive = std::weak_ptr<bool>(alive_)](const apiserver::Change& change) {
    if (!alive.expired() && change.resource == &apiserver::Pods()) OnChange(change);
  });
}

void Kubelet::OnChange(const apiserver::Change& change) {
  if (!change.before) return Adopt(change.after->object());
  const std::string uid = apiserver::UidOf(change.before->object());
  auto it = pods_.find(uid);
  if (it == pods_.end()) return;
  if (!change.after) return Forget(uid);
  if (apiserver::IsBeingDeleted(change.after->object()) && !it->second.deleting && !Lost(it->second)) {
    it->second.deleting = true;
    Then(it->second, kHears, &Kubelet::Stop);
  }
}

void Kubelet::Adopt(const json::Value& object) {
  Pod& pod = pods_[apiserver::UidOf(object)];
  pod.name_space = apiserver::NamespaceOf(object);
  pod.name = apiserver::NameOf(object);
  pod.uid = apiserver::UidOf(object);
  pod.node = object["spec"]["nodeName"].StringOr("");
  pod.behaviour = script_(object);
  if (pod.node.empty()) return Then(pod, pod.behaviour.to_bind, &Kubelet::Bind);
  // A pod made for a node: only that node's kubelet cares, if there is one.
  pod.stage = Stage::kBound;
  if (std::count(nodes_.begin(), nodes_.end(), pod.node) > 0) Then(pod, pod.behaviour.to_create, &Kubelet::Create);
}

void Kubelet::Forget(const std::string& uid) {
  Pod& pod = pods_.at(uid);
  // A node that hears nothing goes on with what it has.
  if (Lost(pod)) return;
  StopUnseen(pod);
  pods_.erase(uid);
}

void Kubelet::StopUnseen(Pod& pod) {
  if (pod.stage != Stage::kRunning && pod.stage != Stage::kStopping) return;
  loop_.After(kHears + pod.behaviour.to_stop, [this, run = pod.run, alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.expired() && !runs_[run].ended) runs_[run].ended = loop_.Now();
  });
}

void Kubelet::Then(Pod& pod, Duration delay, Step step) {
  const int number = ++pod.step;
  loop_.After(delay, [this, uid = pod.uid, number, step, alive = std::weak_ptr<bool>(alive_)] {
    if (alive.expired()) return;
    auto it = pods_.find(uid);
    if (it != pods_.end() && it->second.step == number) (this->*step)(it->second);
  });
}

const std::string& Kubelet::PickNode() {
  static const std::string kNone;
  for (size_t i = 0; i < nodes_.size(); ++i) {
    const std::string& node = nodes_[next_node_++ % nodes_.size()];
    if (!lost_.contains(node)) return node;
  }
  return kNone;
}

void Kubelet::Bind(Pod& pod) {
  const std::string& node = PickNode();
  if (pod.behaviour.trouble == StartTrouble::kUnschedulable || node.empty()) {
    Write(
        pod, apiserver::Part::kStatus,
        [this](const json::Value& object) {
          return apiserver::UnschedulablePod(object, "0/" + std::to_string(nodes_.size()) + " nodes are available.",
                                             loop_.Now());
        },
        kSchedulerAgent);
    if (pod.behaviour.trouble == StartTrouble::kNone) Then(pod, std::chrono::seconds(5), &Kubelet::Bind);
    return;
  }
  pod.node = node;
  pod.stage = Stage::kBound;
  Write(
      pod, apiserver::Part::kBinding,
      [&](const json::Value& object) { return apiserver::BoundPod(object, node, loop_.Now()); }, kSchedulerAgent);
  if (pod.behaviour.trouble != StartTrouble::kSilent) Then(pod, pod.behaviour.to_create, &Kubelet::Create);
}

void Kubelet::Create(Pod& pod) {
  if (Lost(pod)) return;
  pod.stage = Stage::kCreating;
  Show(pod);
  const bool starts = pod.behaviour.trouble == StartTrouble::kNone;
  Then(pod, pod.behaviour.to_start, starts ? &Kubelet::Start : &Kubelet::ShowTrouble);
}

void Kubelet::ShowTrouble(Pod& pod) {
  pod.stage = Stage::kWaiting;
  const bool pull = pod.behaviour.trouble == StartTrouble::kImagePull;
  if (pull) pod.reason = pod.reason.empty() ? "ErrImagePull" : "ImagePullBackOff";
  if (!pull) pod.reason = "CreateContainerConfigError";
  pod.message = pull ? "failed to pull and unpack image: not found" : "secret \"missing\" not found";
  if (!Lost(pod)) {
    Write(
        pod, apiserver::Part::kStatus,
        [&](const json::Value& object) { return apiserver::WaitingPod(object, pod.reason, pod.message, loop_.Now()); },
        kKubeletAgent);
  }
  if (pod.reason == "ErrImagePull") return Then(pod, std::chrono::seconds(10), &Kubelet::ShowTrouble);
  WaitForEnd(pod, Duration::max());
}

void Kubelet::FailToStart(Pod& pod, const InitFailure& failure) {
  const ContainerEnd end{.exit_code = 1, .output = failure.message};
  pod.exits[failure.container] = ExitOf(end, loop_.Now(), loop_.Now());
  pod.stage = Stage::kEnded;
  Then(pod, pod.behaviour.to_notice, &Kubelet::Show);
}

void Kubelet::Start(Pod& pod) {
  const auto failure = pod.behaviour.before_start ? pod.behaviour.before_start() : std::nullopt;
  if (failure) return FailToStart(pod, *failure);
  const apiserver::VersionPtr found =
      registry_.store().Get(apiserver::Pods(), apiserver::KeyOf(apiserver::Pods(), pod.name_space, pod.name));
  pod.stage = Stage::kRunning;
  pod.started = loop_.Now();
  pod.run = runs_.size();
  runs_.push_back({.key = apiserver::KeyOf(apiserver::Pods(), pod.name_space, pod.name),
                   .uid = pod.uid,
                   .node = pod.node,
                   .pod = found ? found->object() : json::Value(),
                   .started = pod.started});
  Show(pod);
  WaitForEnd(pod, pod.behaviour.runs_for);
}

void Kubelet::WaitForEnd(Pod& pod, Duration finish) {
  const apiserver::VersionPtr found =
      registry_.store().Get(apiserver::Pods(), apiserver::KeyOf(apiserver::Pods(), pod.name_space, pod.name));
  Duration deadline = Duration::max();
  if (found && found->object()["spec"]["activeDeadlineSeconds"].IsInt()) {
    const auto since = ParseTime(found->object()["status"]["startTime"].StringOr(""));
    const auto until =
        since.value_or(loop_.Now()) + std::chrono::seconds(found->object()["spec"]["activeDeadlineSeconds"].AsInt());
    deadline = std::max<Duration>(until - loop_.Now(), Duration(0));
  }
  if (deadline < finish) return Then(pod, deadline, &Kubelet::PassDeadline);
  if (finish != Duration::max()) Then(pod, finish, &Kubelet::Finish);
}

void Kubelet::Finish(Pod& pod) {
  if (pod.behaviour.before_end) pod.behaviour.before_end(pod.behaviour.end);
  EndContainers(pod, nullptr);
  Then(pod, pod.behaviour.to_notice, &Kubelet::Show);
}

void Kubelet::PassDeadline(Pod& pod) {
  pod.reason = "DeadlineExceeded";
  pod.message = "Pod was active on the node longer than the specified deadline";
  const ContainerEnd stopped{.exit_code = pod.behaviour.exit_code_on_stop};
  EndContainers(pod, &stopped);
  pod.stage = Stage::kEnded;
  Show(pod);
}

void Kubelet::EndContainers(Pod& pod, const ContainerEnd* all) {
  if (pod.stage == Stage::kRunning || pod.stage == Stage::kStopping) {
    PodRun& run = runs_[pod.run];
    for (const json::Value& container : run.pod["spec"]["containers"].Elements()) {
      const std::string name = container["name"].StringOr("");
      auto own = pod.behaviour.ends.find(name);
      const ContainerEnd& end = all ? *all : own == pod.behaviour.ends.end() ? pod.behaviour.end : own->second;
      pod.exits[name] = ExitOf(end, pod.started, loop_.Now());
    }
    run.ended = loop_.Now();
  }
  pod.stage = Stage::kEnded;
}

void Kubelet::Stop(Pod& pod) {
  if (Lost(pod)) return;
  const apiserver::VersionPtr found =
      registry_.store().Get(apiserver::Pods(), apiserver::KeyOf(apiserver::Pods(), pod.name_space, pod.name));
  if (!found) return;
  pod.deleting = true;
  // Without a node no kubelet is in charge: the API server deletes such a pod at once, or its finalizers hold it.
  if (pod.stage == Stage::kCreated) return;
  if (pod.stage == Stage::kRunning) {
    const std::chrono::seconds grace(found->object()["metadata"]["deletionGracePeriodSeconds"].IntOr(0));
    if (pod.behaviour.to_stop > grace) pod.behaviour.exit_code_on_stop = 137;
    pod.stage = Stage::kStopping;
    return Then(pod, std::min<Duration>(pod.behaviour.to_stop, grace), &Kubelet::Stopped);
  }
  if (pod.stage != Stage::kEnded) pod.reason.clear();
  pod.stage = Stage::kEnded;
  Then(pod, pod.behaviour.to_notice, &Kubelet::Show);
}

void Kubelet::Stopped(Pod& pod) {
  const ContainerEnd stopped{.exit_code = pod.behaviour.exit_code_on_stop};
  EndContainers(pod, &stopped);
  Then(pod, pod.behaviour.to_notice, &Kubelet::Show);
}

json::Value Kubelet::Truth(const Pod& pod, const json::Value& object) const {
  const Time now = loop_.Now();
  switch (pod.stage) {
    case Stage::kCreated:
    case Stage::kBound:
    case Stage::kWaiting: return object;
    case Stage::kCreating: return apiserver::CreatingPod(object, AddressOf(pod.node), now);
    case Stage::kRunning:
    case Stage::kStopping:
      return apiserver::RunningPod(object, "10.244.0." + std::to_string(pod.run % 250 + 2), pod.started);
    case Stage::kEnded: break;
  }
  json::Value ended = apiserver::EndedPod(object, pod.exits, now);
  if (pod.reason == "Evicted") {
    ended = apiserver::WithCondition(ended, "DisruptionTarget", true, "TerminationByKubelet", pod.message, now);
  }
  return pod.reason.empty() ? ended : apiserver::FailedPod(ended, pod.reason, pod.message);
}

void Kubelet::Show(Pod& pod) {
  if (Lost(pod)) return;
  const std::string uid = pod.uid;
  Write(
      pod, apiserver::Part::kStatus, [&](const json::Value& object) { return Truth(pod, object); }, kKubeletAgent);
  // The write itself may have been the last thing that held the object.
  if (!pods_.contains(uid)) return;
  if (pod.stage == Stage::kEnded && pod.deleting) ConfirmDeletion(pod);
}

void Kubelet::ConfirmDeletion(Pod& pod) {
  const apiserver::DeleteOptions how{.grace_period_seconds = 0, .uid = pod.uid};
  // `pod` may be forgotten in this call.
  const auto deleted = registry_.Delete(apiserver::Pods(), pod.name_space, pod.name, how, {.agent = kKubeletAgent});
  static_cast<void>(deleted);
}

void Kubelet::Write(Pod& pod, apiserver::Part part, const Edit& edit, const std::string& agent) {
  const auto written = registry_.Update(apiserver::Pods(), pod.name_space, pod.name, part,
                                        [&](const json::Value& object) -> apiserver::Outcome<json::Value> {
                                          if (apiserver::UidOf(object) != pod.uid)
                                            return apiserver::NotFound(apiserver::Pods(), pod.name);
                                          return edit(object);
                                        },
                                        {.agent = agent, .verb = "patch"});
  static_cast<void>(written);
}

Kubelet::Pod* Kubelet::Find(const std::string& name_space, const std::string& name) {
  const apiserver::VersionPtr found =
      registry_.store().Get(apiserver::Pods(), apiserver::KeyOf(apiserver::Pods(), name_space, name));
  if (!found) return nullptr;
  auto it = pods_.find(apiserver::UidOf(found->object()));
  return it == pods_.end() ? nullptr : &it->second;
}

std::string Kubelet::NodeOf(const std::string& name_space, const std::string& name) const {
  const apiserver::VersionPtr found =
      registry_.store().Get(apiserver::Pods(), apiserver::KeyOf(apiserver::Pods(), name_space, name));
  return found ? found->object()["spec"]["nodeName"].StringOr("") : "";
}

std::string Kubelet::AddressOf(const std::string& node) const {
  const auto at = std::find(nodes_.begin(), nodes_.end(), node);
  return "10.0.0." + std::to_string(at - nodes_.begin() + 10);
}

}  // namespace coreflow::simulation
