#include "tests/sim/trouble.h"

#include <fmt/format.h>

#include <utility>

#include "pkg/engine/names.h"
#include "tests/fakes/object.h"
#include "tests/sim/specs.h"

namespace coreflow::sim {

namespace {

using fakes::Jobs;
using fakes::NameOf;
using fakes::NamespaceOf;
using fakes::Pods;
using fakes::Workflows;
using json::Object;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr char kSecondNamespace[] = "team";

std::string KeyOf(const json::Value& object) { return NamespaceOf(object) + "/" + NameOf(object); }

}  // namespace

const std::vector<Trouble::Kind>& Trouble::Kinds() {
  static const std::vector<Kind> kKinds = {
      {"Edit", &Trouble::Edit},
      {"EditToNonsense", &Trouble::EditToNonsense},
      {"Suspend", &Trouble::Suspend},
      {"Resume", &Trouble::Resume},
      {"Stop", &Trouble::Stop},
      {"Label", &Trouble::Label},
      {"DeleteObject", &Trouble::DeleteObject},
      {"DeleteAndRecreate", &Trouble::DeleteAndRecreate},
      {"DeletePod", &Trouble::DeletePod},
      {"DeletePodNow", &Trouble::DeletePodNow},
      {"LabelPod", &Trouble::LabelPod},
      {"TakeName", &Trouble::TakeName},
      {"DeleteNamespace", &Trouble::DeleteNamespace},
      {"Evict", &Trouble::Evict},
      {"OutOfMemory", &Trouble::OutOfMemory},
      {"Preempt", &Trouble::Preempt},
      {"LoseNode", &Trouble::LoseNode},
      {"RestartKubelet", &Trouble::RestartKubelet},
      {"RemoveNode", &Trouble::RemoveNode},
      {"RestartServer", &Trouble::RestartServer},
      {"Compact", &Trouble::Compact},
      {"Quota", &Trouble::Quota},
      {"CollectTerminated", &Trouble::CollectTerminated},
      {"Kill", &Trouble::Kill},
      {"Pause", &Trouble::Pause},
      {"CutOff", &Trouble::CutOff},
      {"Terminate", &Trouble::Terminate},
  };
  return kKinds;
}

Trouble::Trouble(Simulation& simulation, uint64_t seed)
    : simulation_(simulation), cluster_(simulation.cluster()), random_(seed) {
  for (const Kind& kind : Kinds()) {
    simulation_.MayStrike(kind.name);
    if (random_.Chance(500)) mix_.push_back(kind);
  }
  static_cast<void>(cluster_.Create(fakes::Namespaces(), "", Object{{"metadata", Object{{"name", kSecondNamespace}}}}));
}

void Trouble::CreateObject() {
  const bool job = random_.Chance(250);
  const std::string ns = random_.Chance(300) ? kSecondNamespace : "default";
  const std::string name = fmt::format("{}{}", job ? "j" : "w", ++created_);
  json::Value spec = job ? RandomJobSpec(random_) : RandomWorkflowSpec(random_);
  striking_ = "Create";
  static_cast<void>(cluster_.Create(job ? Jobs() : Workflows(), ns,
                                    Object{{"metadata", Object{{"name", name}}}, {"spec", std::move(spec)}}));
  Did(ns + "/" + name);
}

void Trouble::StrikeOnce() {
  if (mix_.empty()) return;
  const Kind& kind = mix_[random_.Below(mix_.size())];
  striking_ = kind.name;
  (this->*kind.act)();
}

void Trouble::Did(const std::string& what) { simulation_.Strike(striking_, what); }

Trouble::Picked Trouble::PickObject() {
  std::vector<Picked> all;
  for (const fakes::Resource* resource : {&Workflows(), &Jobs()}) {
    for (json::Value& object : cluster_.List(*resource, "")) all.push_back({resource, std::move(object)});
  }
  return all.empty() ? Picked{} : all[random_.Below(all.size())];
}

json::Value Trouble::PickPod() {
  const std::vector<json::Value> all = cluster_.List(Pods(), "");
  return all.empty() ? json::Value() : all[random_.Below(all.size())];
}

json::Value Trouble::PickRunningPod() {
  std::vector<json::Value> running = cluster_.List(Pods(), "");
  std::erase_if(running, [](const json::Value& pod) { return pod["status"]["phase"].StringOr("") != "Running"; });
  return running.empty() ? json::Value() : running[random_.Below(running.size())];
}

Process& Trouble::PickProcess() {
  auto& all = simulation_.processes();
  for (auto& process : all) {
    if (process->leading() && random_.Chance(700)) return *process;
  }
  return *all[random_.Below(all.size())];
}

std::string Trouble::PickNode() {
  const auto& nodes = cluster_.kubelet.nodes();
  return nodes[random_.Below(nodes.size())];
}

void Trouble::Patch(const Picked& picked, json::Value spec, const std::string& what) {
  if (!picked.resource) return;
  const auto written = cluster_.MergePatch(*picked.resource, NamespaceOf(picked.object), NameOf(picked.object),
                                           Object{{"spec", std::move(spec)}});
  if (written) Did(KeyOf(picked.object) + " " + what);
}

void Trouble::Edit() {
  const Picked picked = PickObject();
  if (picked.resource) Patch(picked, Edited(picked.object["spec"], picked.resource == &Workflows(), random_), "");
}

void Trouble::EditToNonsense() {
  const Picked picked = PickObject();
  if (picked.resource != &Workflows()) return;
  json::Object step = picked.object["spec"]["steps"].Elements().front().Members();
  step["dependsOn"] = json::Array{"nowhere"};
  Patch(picked, Object{{"steps", json::Array{std::move(step)}}}, "");
}

void Trouble::Suspend() { Patch(PickObject(), Object{{"suspend", true}}, ""); }
void Trouble::Resume() { Patch(PickObject(), Object{{"suspend", false}, {"stop", json::Value()}}, ""); }
void Trouble::Stop() {
  const char* how = random_.Chance(500) ? "Graceful" : "Immediate";
  Patch(PickObject(), Object{{"stop", how}}, how);
}

void Trouble::Label() {
  const Picked picked = PickObject();
  if (!picked.resource) return;
  const json::Value labels = Object{{"touched", std::to_string(random_.Below(1000))}};
  static_cast<void>(cluster_.MergePatch(*picked.resource, NamespaceOf(picked.object), NameOf(picked.object),
                                        Object{{"metadata", Object{{"labels", labels}}}}));
  Did(KeyOf(picked.object));
}

void Trouble::DeleteObject() {
  const Picked picked = PickObject();
  if (!picked.resource) return;
  const char* how = random_.Chance(300) ? "Foreground" : "Background";
  static_cast<void>(
      cluster_.Delete(*picked.resource, NamespaceOf(picked.object), NameOf(picked.object), {.propagation = how}));
  Did(KeyOf(picked.object) + " " + how);
}

void Trouble::DeleteAndRecreate() {
  const Picked picked = PickObject();
  if (!picked.resource) return;
  static_cast<void>(cluster_.Delete(*picked.resource, NamespaceOf(picked.object), NameOf(picked.object)));
  static_cast<void>(
      cluster_.Create(*picked.resource, NamespaceOf(picked.object),
                      Object{{"metadata", Object{{"name", NameOf(picked.object)}}}, {"spec", picked.object["spec"]}}));
  Did(KeyOf(picked.object));
}

void Trouble::DeleteSomePod(const fakes::DeleteOptions& how) {
  const json::Value pod = PickPod();
  if (pod.IsNull()) return;
  static_cast<void>(cluster_.Delete(Pods(), NamespaceOf(pod), NameOf(pod), how));
  Did(KeyOf(pod));
}

void Trouble::DeletePod() { DeleteSomePod({}); }
void Trouble::DeletePodNow() { DeleteSomePod({.grace_period_seconds = 0}); }

void Trouble::LabelPod() {
  const json::Value pod = PickPod();
  if (pod.IsNull()) return;
  const json::Value labels = Object{{"touched", std::to_string(random_.Below(1000))}};
  static_cast<void>(
      cluster_.MergePatch(Pods(), NamespaceOf(pod), NameOf(pod), Object{{"metadata", Object{{"labels", labels}}}}));
  Did(KeyOf(pod));
}

void Trouble::TakeName() {
  const Picked picked = PickObject();
  if (!picked.resource) return;
  const json::Array& steps = picked.object["spec"]["steps"].Elements();
  const std::string step = steps.empty() ? "job" : steps[random_.Below(steps.size())]["name"].StringOr("");
  const int32_t run = std::max<int32_t>(1, static_cast<int32_t>(picked.object["status"]["run"]["number"].IntOr(0)));
  const std::string name =
      engine::PodName(NameOf(picked.object), fakes::UidOf(picked.object), run, step,
                      static_cast<int32_t>(random_.Chance(300) ? random_.Below(3) : 0), random_.Chance(300) ? 2 : 1);
  const json::Value container = Object{{"name", "main"}, {"image", "busybox:1.36"}};
  const auto made = cluster_.Create(
      Pods(), NamespaceOf(picked.object),
      Object{{"metadata", Object{{"name", name}}}, {"spec", Object{{"containers", json::Array{container}}}}});
  if (made) Did(NamespaceOf(picked.object) + "/" + name);
}

void Trouble::DeleteNamespace() {
  if (cluster_.Get(fakes::Namespaces(), "", kSecondNamespace).IsNull()) return;
  static_cast<void>(cluster_.Delete(fakes::Namespaces(), "", kSecondNamespace));
  Did(kSecondNamespace);
}

void Trouble::Disturb(bool (fakes::Kubelet::*disturb)(const std::string& name_space, const std::string& name)) {
  const json::Value pod = PickRunningPod();
  if (pod.IsNull()) return;
  if ((cluster_.kubelet.*disturb)(NamespaceOf(pod), NameOf(pod))) Did(KeyOf(pod));
}

void Trouble::Evict() { Disturb(&fakes::Kubelet::Evict); }
void Trouble::OutOfMemory() { Disturb(&fakes::Kubelet::OutOfMemory); }
void Trouble::Preempt() { Disturb(&fakes::Kubelet::Preempt); }

void Trouble::LoseNode() {
  const std::string node = PickNode();
  const bool live = random_.Chance(500);
  cluster_.nodes.LoseNode(node, live);
  Did(node + (live ? ", cut off" : ", down"));
  if (random_.Chance(300)) return;
  simulation_.loop().After(random_.Between(seconds(1), seconds(500)),
                           [this, node] { cluster_.nodes.RecoverNode(node); });
}

void Trouble::RestartKubelet() {
  const std::string node = PickNode();
  cluster_.nodes.LoseNode(node, true);
  Did(node);
  simulation_.loop().After(random_.Between(milliseconds(500), seconds(30)),
                           [this, node] { cluster_.nodes.RecoverNode(node); });
}

void Trouble::RemoveNode() {
  if (++removed_nodes_ > 1) return;
  const std::string node = PickNode();
  cluster_.nodes.RemoveNode(node);
  Did(node);
}

void Trouble::RestartServer() {
  cluster_.server.Restart(random_.Between(Duration(0), seconds(20)));
  Did("");
}

void Trouble::Compact() {
  cluster_.store.Compact(cluster_.store.Current());
  Did("");
}

void Trouble::Quota() {
  const int pods = static_cast<int>(random_.Below(4));
  simulation_.SetQuota(pods);
  Did(std::to_string(pods));
  simulation_.loop().After(random_.Between(seconds(1), seconds(120)), [this] { simulation_.SetQuota(std::nullopt); });
}

void Trouble::CollectTerminated() {
  cluster_.nodes.CollectTerminated(random_.Below(3));
  Did("");
}

void Trouble::Kill() {
  Process& process = PickProcess();
  if (!process.alive()) return;
  simulation_.Crash(process);
  Did("");
}

void Trouble::Pause() {
  Process& process = PickProcess();
  if (!process.alive()) return;
  process.Pause(true);
  Did("");
  simulation_.loop().After(random_.Between(milliseconds(100), seconds(60)), [&process] { process.Pause(false); });
}

void Trouble::CutOff() {
  Process& process = PickProcess();
  if (!process.alive()) return;
  process.CutOff(true);
  Did("");
  simulation_.loop().After(random_.Between(seconds(1), seconds(60)), [&process] { process.CutOff(false); });
}

void Trouble::Terminate() {
  Process& process = PickProcess();
  if (!process.alive()) return;
  process.Terminate();
  Did("");
}

}  // namespace coreflow::sim
