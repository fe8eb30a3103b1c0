#include "pkg/simulation/node_controller.h"

#include <algorithm>
#include <vector>

#include "pkg/apiserver/object.h"

namespace coreflow::simulation {

namespace {

constexpr const char* kAgent = "node-controller";
constexpr const char* kPodGcAgent = "pod-garbage-collector";
constexpr Duration kUnreadyAfter = std::chrono::seconds(40);
constexpr Duration kEvictedAfter = std::chrono::seconds(340);
constexpr Duration kOrphanedAfter = std::chrono::seconds(60);

std::vector<json::Value> PodsOn(const apiserver::Store& store, const std::string& node) {
  std::vector<json::Value> pods;
  for (const auto& [key, version] : store.List(apiserver::Pods())) {
    if (version->object()["spec"]["nodeName"].StringOr("") == node) pods.push_back(version->object());
  }
  return pods;
}

bool HasEnded(const json::Value& pod) {
  const std::string phase = pod["status"]["phase"].StringOr("");
  return phase == "Succeeded" || phase == "Failed";
}

// Status as `edit` makes it, unless the pod is another one by now.
void WriteStatus(apiserver::Registry& registry, const json::Value& pod, const char* agent,
                 const std::function<json::Value(const json::Value&)>& edit) {
  const auto written =
      registry.Update(apiserver::Pods(), apiserver::NamespaceOf(pod), apiserver::NameOf(pod), apiserver::Part::kStatus,
                      [&](const json::Value& now) -> apiserver::Outcome<json::Value> {
                        if (apiserver::UidOf(now) != apiserver::UidOf(pod))
                          return apiserver::NotFound(apiserver::Pods(), apiserver::NameOf(pod));
                        return edit(now);
                      },
                      {.agent = agent, .verb = "patch"});
  static_cast<void>(written);
}

}  // namespace

void NodeController::Later(Duration delay, const std::string& node, void (NodeController::*work)(const std::string&)) {
  loop_.After(delay, [this, node, work, alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.expired() && silent_.contains(node)) (this->*work)(node);
  });
}

void NodeController::LoseNode(const std::string& node, bool containers_live) {
  silent_.insert(node);
  kubelet_.LoseNode(node, containers_live);
  Later(kUnreadyAfter, node, &NodeController::MarkUnready);
  Later(kEvictedAfter, node, &NodeController::EvictByTaint);
}

void NodeController::RecoverNode(const std::string& node) {
  silent_.erase(node);
  kubelet_.RecoverNode(node);
}

void NodeController::RemoveNode(const std::string& node) {
  silent_.insert(node);
  kubelet_.RemoveNode(node);
  Later(kOrphanedAfter, node, &NodeController::CollectOrphaned);
}

void NodeController::MarkUnready(const std::string& node) {
  for (const json::Value& pod : PodsOn(registry_.store(), node)) {
    if (HasEnded(pod)) continue;
    WriteStatus(registry_, pod, kAgent, [this](const json::Value& now) {
      return apiserver::WithCondition(now, "Ready", false, "NodeNotReady", "Node is not ready", loop_.Now());
    });
  }
}

void NodeController::EvictByTaint(const std::string& node) {
  for (const json::Value& pod : PodsOn(registry_.store(), node)) {
    if (HasEnded(pod) || apiserver::IsBeingDeleted(pod)) continue;
    WriteStatus(registry_, pod, kAgent, [this](const json::Value& now) {
      return apiserver::WithCondition(now, "DisruptionTarget", true, "DeletionByTaintManager",
                                      "Taint manager: deleting due to NoExecute taint", loop_.Now());
    });
    const auto deleted = registry_.Delete(apiserver::Pods(), apiserver::NamespaceOf(pod), apiserver::NameOf(pod),
                                          {.uid = apiserver::UidOf(pod)}, {.agent = kAgent});
    static_cast<void>(deleted);
  }
}

void NodeController::CollectOrphaned(const std::string& node) {
  for (const json::Value& pod : PodsOn(registry_.store(), node)) {
    if (!HasEnded(pod)) {
      WriteStatus(registry_, pod, kPodGcAgent, [this](const json::Value& now) {
        return apiserver::Set(apiserver::WithCondition(now, "DisruptionTarget", true, "DeletionByPodGC",
                                                       "PodGC: node no longer exists", loop_.Now()),
                              {"status", "phase"}, "Failed");
      });
    }
    ForceDelete(pod);
  }
}

void NodeController::CollectTerminated(size_t threshold) {
  std::vector<json::Value> ended;
  for (const auto& [key, version] : registry_.store().List(apiserver::Pods())) {
    if (HasEnded(version->object())) ended.push_back(version->object());
  }
  if (ended.size() <= threshold) return;
  std::stable_sort(ended.begin(), ended.end(), [](const json::Value& a, const json::Value& b) {
    return a["metadata"]["creationTimestamp"].StringOr("") < b["metadata"]["creationTimestamp"].StringOr("");
  });
  ended.resize(ended.size() - threshold);
  for (const json::Value& pod : ended) ForceDelete(pod);
}

void NodeController::ForceDelete(const json::Value& pod) {
  const auto deleted =
      registry_.Delete(apiserver::Pods(), apiserver::NamespaceOf(pod), apiserver::NameOf(pod),
                       {.grace_period_seconds = 0, .uid = apiserver::UidOf(pod)}, {.agent = kPodGcAgent});
  static_cast<void>(deleted);
}

}  // namespace coreflow::simulation
