#include "operator/dev/simulated_node.h"

#include <filesystem>
#include <fstream>

#include "pkg/apiserver/object.h"
#include "pkg/apiserver/pod_status.h"

namespace coreflow::dev {

namespace {

constexpr char kAgent[] = "simulated-node";

}  // namespace

SimulatedNode::SimulatedNode(Loop& loop, apiserver::Registry& registry, const std::string& folder, PodChance chance)
    : registry_(registry),
      log_(folder + "/simulated.log"),
      kubelet_(
          loop, registry, [this, chance](const json::Value& pod) { return BehaviourOf(pod, OwnerOf(pod), chance); },
          1) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  std::ofstream(log_) << "simulated: no program has run\n";
  LoseWhatIsThere(loop.Now());
}

// The kubelet knows only those that come.
void SimulatedNode::LoseWhatIsThere(Time now) {
  for (const auto& [key, version] : apiserver::Store::Objects(registry_.store().List(apiserver::Pods()))) {
    const json::Value pod = version->object();
    const std::string phase = pod["status"]["phase"].StringOr("");
    if (phase == "Succeeded" || phase == "Failed") continue;
    const auto written = registry_.Update(apiserver::Pods(), apiserver::NamespaceOf(pod), apiserver::NameOf(pod),
                                          apiserver::Part::kStatus,
                                          [&](const json::Value& object) -> apiserver::Outcome<json::Value> {
                                            return apiserver::EndedPod(object, {}, now);
                                          },
                                          {.agent = kAgent, .verb = "patch"});
    static_cast<void>(written);
    if (!apiserver::IsBeingDeleted(pod)) continue;
    const auto deleted = registry_.Delete(apiserver::Pods(), apiserver::NamespaceOf(pod), apiserver::NameOf(pod),
                                          {.grace_period_seconds = 0, .uid = apiserver::UidOf(pod)}, {.agent = kAgent});
    static_cast<void>(deleted);
  }
}

json::Value SimulatedNode::OwnerOf(const json::Value& pod) const {
  for (const json::Value& owner : pod["metadata"]["ownerReferences"].Elements()) {
    const apiserver::Resource* kind = apiserver::FindKind(owner["apiVersion"].StringOr(""), owner["kind"].StringOr(""));
    if (!kind || !owner["controller"].BoolOr(false)) continue;
    const auto found = registry_.store().Get(*kind, apiserver::NamespaceOf(pod) + "/" + owner["name"].StringOr(""));
    if (found) return found->object();
  }
  return {};
}

runner::LocalNode::Log SimulatedNode::LogOf(const json::Value& pod, const std::string& /*container*/) const {
  const auto found =
      registry_.store().Get(apiserver::Pods(), apiserver::NamespaceOf(pod) + "/" + apiserver::NameOf(pod));
  const std::string phase = found ? found->object()["status"]["phase"].StringOr("") : "";
  if (found && (phase.empty() || phase == "Pending")) return {};
  return {.path = log_, .live = phase == "Running"};
}

}  // namespace coreflow::dev
