#include "tests/sim/trouble.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pkg/apiserver/object.h"
#include "pkg/artifact/blob_entry.h"
#include "pkg/engine/names.h"
#include "pkg/json/write.h"
#include "tests/sim/specs.h"

namespace coreflow::sim {

namespace {

using apiserver::Jobs;
using apiserver::NameOf;
using apiserver::NamespaceOf;
using apiserver::Pods;
using apiserver::Workflows;
using json::Object;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr char kSecondNamespace[] = "team";
constexpr char kCountedElsewhere[] = "";
constexpr char kTwoLeaders[] = "TwoLeaders";

std::string KeyOf(const json::Value& object) { return NamespaceOf(object) + "/" + NameOf(object); }

}  // namespace

const std::vector<Trouble::Kind>& Trouble::Kinds() {
  static const std::vector<Kind> kKinds = {
      {"Edit", &Trouble::Edit},
      {"EditToNonsense", &Trouble::EditToNonsense, 2},
      {"Suspend", &Trouble::Suspend},
      {"Resume", &Trouble::Resume},
      {"Stop", &Trouble::Stop},
      {"Label", &Trouble::Label, 2},
      {"Retry", &Trouble::Retry, 2},
      {"DeleteObject", &Trouble::DeleteObject},
      {"DeleteAndRecreate", &Trouble::DeleteAndRecreate},
      {"DeletePod", &Trouble::DeletePod, 2},
      {"DeletePodNow", &Trouble::DeletePodNow},
      {"LabelPod", &Trouble::LabelPod, 2},
      {"WipePod", &Trouble::WipePod, 2},
      {"TakeName", &Trouble::TakeName, 3},
      {"DeleteClaim", &Trouble::DeleteClaim},
      {"DeleteNamespace", &Trouble::DeleteNamespace},
      {"Evict", &Trouble::Evict, 3},
      {"OutOfMemory", &Trouble::OutOfMemory, 4},
      {"Preempt", &Trouble::Preempt, 2},
      {"LoseNode", &Trouble::LoseNode},
      {"RestartKubelet", &Trouble::RestartKubelet},
      {"RemoveNode", &Trouble::RemoveNode, 2},
      {"RestartServer", &Trouble::RestartServer},
      {"Compact", &Trouble::Compact},
      {"ConflictStorm", &Trouble::ConflictStorm},
      {"Quota", &Trouble::Quota},
      {"CollectTerminated", &Trouble::CollectTerminated},
      {"LoseBlob", &Trouble::LoseBlob, 3},
      {"Kill", &Trouble::Kill},
      {"Pause", &Trouble::Pause},
      {"PauseLeader", &Trouble::PauseLeader, 4},
      {"CutOff", &Trouble::CutOff},
      {"Terminate", &Trouble::Terminate},
      {kCountedElsewhere, &Trouble::CrashSoon, 2},
      {kCountedElsewhere, &Trouble::CreateLate, 2},
  };
  return kKinds;
}

Trouble::Trouble(Simulation& simulation, uint64_t seed)
    : simulation_(simulation), cluster_(simulation.cluster()), random_(seed) {
  for (const Kind& kind : Kinds()) {
    if (kind.name != kCountedElsewhere) simulation_.MayStrike(kind.name);
    if (random_.Chance(500)) mix_.insert(mix_.end(), static_cast<size_t>(kind.weight), kind);
  }
  simulation_.MayStrike(kTwoLeaders);
  static_cast<void>(
      cluster_.Create(apiserver::Namespaces(), "", Object{{"metadata", Object{{"name", kSecondNamespace}}}}));
}

void Trouble::CreateObject() {
  const bool job = random_.Chance(250);
  Create(job ? Jobs() : Workflows(), job ? RandomJobSpec(random_) : RandomWorkflowSpec(random_));
}

Trouble::Picked Trouble::Create(const apiserver::Resource& resource, json::Value spec) {
  const std::string ns = random_.Chance(300) ? kSecondNamespace : "default";
  const std::string name = fmt::format("{}{}", &resource == &Jobs() ? "j" : "w", ++created_);
  striking_ = "Create";
  static_cast<void>(
      cluster_.Create(resource, ns, Object{{"metadata", Object{{"name", name}}}, {"spec", std::move(spec)}}));
  Did(ns + "/" + name);
  return {&resource, cluster_.Get(resource, ns, name)};
}

void Trouble::StrikeOnce() {
  if (mix_.empty()) return;
  const Kind& kind = mix_[random_.Below(mix_.size())];
  aim_.reset();
  if (random_.Chance(850)) Aim();
  striking_ = kind.name;
  (this->*kind.act)();
}

void Trouble::DidTo(const json::Value& object, const std::string& what) {
  DidTo(simulation_.phases().OfOwner(apiserver::UidOf(object)), KeyOf(object) + " " + what);
}

// Some phases are short: what comes by chance seldom meets them.
void Trouble::Aim() {
  using enum PodPhase;
  constexpr PodPhase kAims[] = {kUnbound, kUnbound, kCreating, kRunning, kStopping, kStopping, kEnded};
  aim_ = kAims[random_.Below(std::size(kAims))];
  const auto there = [this] { return simulation_.phases().Present().test(IndexOf(*aim_)); };
  if (!there() && *aim_ == kStopping) {
    const json::Value pod = PickPod({kRunning});
    if (!pod.IsNull()) static_cast<void>(cluster_.Delete(Pods(), NamespaceOf(pod), NameOf(pod)));
  }
  simulation_.AdvanceUntil(there, seconds(6));
}

json::Value Trouble::Target() { return aim_ ? PickPod({*aim_}) : json::Value(); }

Trouble::Picked Trouble::PickObject() {
  if (const engine::PodView target = engine::ParsePod(Target()); !target.owner_name.empty()) {
    const apiserver::Resource& resource = target.owner_kind == "Job" ? Jobs() : Workflows();
    json::Value object = cluster_.Get(resource, target.namespace_name, target.owner_name);
    if (apiserver::UidOf(object) == target.owner_uid) return {&resource, std::move(object)};
  }
  std::vector<Picked> all;
  for (const apiserver::Resource* resource : {&Workflows(), &Jobs()}) {
    for (json::Value& object : cluster_.List(*resource, "")) all.push_back({resource, std::move(object)});
  }
  return all.empty() ? Picked{} : all[random_.Below(all.size())];
}

json::Value Trouble::PickPod(std::initializer_list<PodPhase> phases) {
  const bool aimed = aim_ && std::ranges::find(phases, *aim_) != phases.end();
  if (aimed && phases.size() > 1 && !simulation_.phases().In(*aim_).empty()) return PickPod({*aim_});
  std::vector<std::vector<std::string>> choices;
  for (PodPhase phase : phases) {
    if (auto keys = simulation_.phases().In(phase); !keys.empty()) choices.push_back(std::move(keys));
  }
  if (choices.empty()) return {};
  const auto& keys = choices[random_.Below(choices.size())];
  const std::string& key = keys[random_.Below(keys.size())];
  const size_t slash = key.find('/');
  return cluster_.Get(Pods(), key.substr(0, slash), key.substr(slash + 1));
}

json::Value Trouble::PickPod() {
  using enum PodPhase;
  return PickPod({kUnbound, kCreating, kRunning, kStopping, kEnded, kStored});
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
  std::string aimed = Target()["spec"]["nodeName"].StringOr("");
  if (std::ranges::find(nodes, aimed) != nodes.end()) return aimed;
  return nodes[random_.Below(nodes.size())];
}

void Trouble::Patch(const Picked& picked, json::Value spec, const std::string& what) {
  if (!picked.resource) return;
  const auto written = cluster_.MergePatch(*picked.resource, NamespaceOf(picked.object), NameOf(picked.object),
                                           Object{{"spec", std::move(spec)}});
  if (written) DidTo(picked.object, what);
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
  DidTo(picked.object, "");
}

// A run that continues the last one there is when it starts, or one that there may be.
void Trouble::Retry() {
  const Picked picked = PickObject();
  if (!picked.resource) return;
  const std::string when = std::to_string(random_.Below(1000));
  const std::string run = NameOf(picked.object) + (random_.Chance(200) ? "/1" : "");
  const json::Value from = Object{{"run", run}, {"requestedAt", when}};
  const json::Value annotations =
      Object{{"coreflow.dev/run-requested-at", when}, {"coreflow.dev/retry-from", json::Write(from)}};
  static_cast<void>(cluster_.MergePatch(*picked.resource, NamespaceOf(picked.object), NameOf(picked.object),
                                        Object{{"metadata", Object{{"annotations", annotations}}}}));
  DidTo(picked.object, "");
}

void Trouble::DeleteObject() {
  const Picked picked = PickObject();
  if (!picked.resource) return;
  const char* how = random_.Chance(300) ? "Foreground" : "Background";
  static_cast<void>(
      cluster_.Delete(*picked.resource, NamespaceOf(picked.object), NameOf(picked.object), {.propagation = how}));
  DidTo(picked.object, how);
}

void Trouble::DeleteAndRecreate() {
  const Picked picked = PickObject();
  if (!picked.resource) return;
  static_cast<void>(cluster_.Delete(*picked.resource, NamespaceOf(picked.object), NameOf(picked.object)));
  static_cast<void>(
      cluster_.Create(*picked.resource, NamespaceOf(picked.object),
                      Object{{"metadata", Object{{"name", NameOf(picked.object)}}}, {"spec", picked.object["spec"]}}));
  DidTo(picked.object, "");
}

void Trouble::DeleteSomePod(const apiserver::DeleteOptions& how) {
  const json::Value pod = PickPod();
  if (pod.IsNull()) return;
  DidTo(simulation_.phases().OfPod(apiserver::UidOf(pod)), KeyOf(pod));
  static_cast<void>(cluster_.Delete(Pods(), NamespaceOf(pod), NameOf(pod), how));
}

void Trouble::DeletePod() { DeleteSomePod({}); }
void Trouble::DeletePodNow() { DeleteSomePod({.grace_period_seconds = 0}); }

void Trouble::LabelPod() {
  const json::Value pod = PickPod();
  if (pod.IsNull()) return;
  const json::Value labels = Object{{"touched", std::to_string(random_.Below(1000))}};
  static_cast<void>(
      cluster_.MergePatch(Pods(), NamespaceOf(pod), NameOf(pod), Object{{"metadata", Object{{"labels", labels}}}}));
  DidTo(simulation_.phases().OfPod(apiserver::UidOf(pod)), KeyOf(pod));
}

void Trouble::WipePod() {
  const json::Value pod = PickPod();
  if (pod.IsNull()) return;
  const bool unseen = random_.Chance(400);
  DidTo(simulation_.phases().OfPod(apiserver::UidOf(pod)), KeyOf(pod) + (unseen ? ", which no watch shows" : ""));
  if (unseen) cluster_.server.Restart();
  static_cast<void>(cluster_.MergePatch(Pods(), NamespaceOf(pod), NameOf(pod),
                                        Object{{"metadata", Object{{"finalizers", json::Value()}}}}));
  static_cast<void>(cluster_.Delete(Pods(), NamespaceOf(pod), NameOf(pod), {.grace_period_seconds = 0}));
  if (unseen) cluster_.store.Compact(cluster_.store.Current());
}

void Trouble::TakeName() {
  const Picked picked = PickObject();
  if (!picked.resource) return;
  const json::Array& steps = picked.object["spec"]["steps"].Elements();
  const std::string step = steps.empty() ? "job" : steps[random_.Below(steps.size())]["name"].StringOr("");
  const int32_t run = std::max<int32_t>(1, static_cast<int32_t>(picked.object["status"]["run"]["number"].IntOr(0)));
  const int32_t item = random_.Chance(300) ? static_cast<int32_t>(random_.Below(3)) : 0;
  const int32_t attempt = random_.Chance(300) ? 2 : 1;
  const std::string name =
      engine::PodName(NameOf(picked.object), apiserver::UidOf(picked.object), run, step, item, attempt);
  const json::Value container = Object{{"name", "main"}, {"image", "busybox:1.36"}};
  Object metadata{{"name", name}};
  // Perhaps a copy of it, as a restored backup is: everything but the owner.
  if (random_.Chance(500)) {
    const engine::AttemptFacts facts{.run = run, .attempt = attempt, .item = item};
    metadata["labels"] = Object{{engine::kLabelRun, engine::RunId(apiserver::UidOf(picked.object), run)},
                                {engine::kLabelWorkflow, NameOf(picked.object)},
                                {engine::kLabelStep, step}};
    metadata["annotations"] = Object{{engine::kAnnotationAttempt, json::Write(engine::ToJson(facts))}};
  }
  const auto made = cluster_.Create(
      Pods(), NamespaceOf(picked.object),
      Object{{"metadata", std::move(metadata)}, {"spec", Object{{"containers", json::Array{container}}}}});
  if (made) DidTo(picked.object, name);
}

void Trouble::DeleteNamespace() {
  if (cluster_.Get(apiserver::Namespaces(), "", kSecondNamespace).IsNull()) return;
  static_cast<void>(cluster_.Delete(apiserver::Namespaces(), "", kSecondNamespace));
  Did(kSecondNamespace);
}

void Trouble::Disturb(bool (simulation::Kubelet::*disturb)(const std::string& name_space, const std::string& name),
                      std::initializer_list<PodPhase> phases) {
  const json::Value pod = PickPod(phases);
  if (pod.IsNull()) return;
  const PodPhaseSet phase = simulation_.phases().OfPod(apiserver::UidOf(pod));
  if ((cluster_.kubelet.*disturb)(NamespaceOf(pod), NameOf(pod))) DidTo(phase, KeyOf(pod));
}

void Trouble::Evict() {
  Disturb(&simulation::Kubelet::Evict, {PodPhase::kCreating, PodPhase::kRunning, PodPhase::kStopping});
}
void Trouble::OutOfMemory() { Disturb(&simulation::Kubelet::OutOfMemory, {PodPhase::kRunning, PodPhase::kStopping}); }
void Trouble::Preempt() { Disturb(&simulation::Kubelet::Preempt, {PodPhase::kCreating, PodPhase::kRunning}); }

void Trouble::LoseNode() {
  const std::string node = PickNode();
  const bool live = random_.Chance(500);
  DidTo(simulation_.phases().OnNode(node), node + (live ? ", cut off" : ", down"));
  cluster_.nodes.LoseNode(node, live);
  if (random_.Chance(300)) return;
  simulation_.loop().After(random_.Between(seconds(1), seconds(500)),
                           [this, node] { cluster_.nodes.RecoverNode(node); });
}

void Trouble::RestartKubelet() {
  const std::string node = PickNode();
  DidTo(simulation_.phases().OnNode(node), node);
  cluster_.nodes.LoseNode(node, true);
  simulation_.loop().After(random_.Between(milliseconds(500), seconds(30)),
                           [this, node] { cluster_.nodes.RecoverNode(node); });
}

void Trouble::RemoveNode() {
  // Once in a play at most: a moment when it hurts is waited for.
  if (Target()["spec"]["nodeName"].IsNull() && random_.Chance(800)) return;
  if (++removed_nodes_ > 1) return;
  const std::string node = PickNode();
  DidTo(simulation_.phases().OnNode(node), node);
  cluster_.nodes.RemoveNode(node);
}

// As uninstalling does, or somebody who takes the operator that holds it for gone.
void Trouble::DeleteClaim() {
  const std::string ns = random_.Chance(500) ? "default" : kSecondNamespace;
  if (!cluster_.Delete(apiserver::Leases(), ns, engine::kClaimName)) Did(ns);
}

void Trouble::RestartServer() {
  cluster_.server.Restart(random_.Between(Duration(0), seconds(20)));
  Did("");
}

void Trouble::Compact() {
  cluster_.store.Compact(cluster_.store.Current());
  Did("");
}

void Trouble::ConflictStorm() {
  simulation_.SetConflictStorm(true);
  Did("");
  simulation_.loop().After(random_.Between(seconds(1), seconds(40)), [this] { simulation_.SetConflictStorm(false); });
}

void Trouble::Quota() {
  const int pods = static_cast<int>(random_.Below(4));
  simulation_.SetQuota(pods);
  Did(std::to_string(pods));
  simulation_.loop().After(random_.Between(seconds(1), seconds(120)), [this] { simulation_.SetQuota(std::nullopt); });
}

void Trouble::CollectTerminated() {
  const auto deletable = [this](PodPhase phase) {
    size_t pods = 0;
    for (const std::string& key : simulation_.phases().In(phase)) {
      const size_t slash = key.find('/');
      pods += !apiserver::IsBeingDeleted(cluster_.Get(Pods(), key.substr(0, slash), key.substr(slash + 1)));
    }
    return pods;
  };
  const size_t ended = deletable(PodPhase::kEnded);
  const size_t stored = deletable(PodPhase::kStored);
  cluster_.nodes.CollectTerminated(random_.Below(3));
  PodPhaseSet hit;
  hit[IndexOf(PodPhase::kEnded)] = deletable(PodPhase::kEnded) < ended;
  hit[IndexOf(PodPhase::kStored)] = deletable(PodPhase::kStored) < stored;
  if (hit.any()) DidTo(hit, "");
}

// Mostly one that was put just now: a step that takes it has not begun.
void Trouble::LoseBlob() {
  SimulatedStore& store = simulation_.store();
  std::vector<SimulatedStore::BlobName> all, young;
  for (const auto& [name, value] : store.entries()) {
    const SimulatedStore::BlobName blob{.name_space = name.substr(0, name.find('/')),
                                        .digest = std::string(artifact::DigestOfBlobEntry(name))};
    if (blob.digest.empty() || !store.HasBlob(blob)) continue;
    all.push_back(blob);
    if (store.Now() - store.blobs().at(blob.digest).put < seconds(10)) young.push_back(blob);
  }
  const auto& some = young.empty() || random_.Chance(300) ? all : young;
  if (some.empty()) return;
  const SimulatedStore::BlobName blob = some[random_.Below(some.size())];
  const bool name = random_.Chance(500);
  store.LoseBlob(blob, name);
  Did(blob.name_space + "/" + blob.digest + (name ? "" : ", but for its name"));
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

void Trouble::PauseLeader() {
  auto& all = simulation_.processes();
  auto leader = std::ranges::find_if(all, [](const auto& process) { return process->leading(); });
  if (all.size() < 2 || leader == all.end()) return;
  Process& process = **leader;
  process.Pause(true);
  Did("");
  simulation_.loop().After(random_.Between(seconds(16), seconds(50)),
                           [this, &process, life = process.lives(), phase = random_.Below(kPodPhases)] {
                             WakeFormer(process, life, phase, 40);
                           });
}

void Trouble::WakeFormer(Process& process, int life, size_t phase, int tries) {
  if (process.alive() && process.lives() == life && tries > 0 && !simulation_.phases().Present().test(phase)) {
    return simulation_.loop().After(
        seconds(1), [this, &process, life, phase, tries] { WakeFormer(process, life, phase, tries - 1); });
  }
  process.Pause(false);
  if (!process.alive() || process.lives() != life) return;
  for (const auto& other : simulation_.processes()) {
    if (other.get() != &process && other->leading()) simulation_.Strike(kTwoLeaders, "a former one wakes");
  }
}

void Trouble::CrashSoon() {
  CrashPlan plan = simulation_.RandomPlan();
  plan.write = 1 + static_cast<int>(random_.Below(3));
  PickProcess().CrashAt(plan);
}

// The pod comes when the user has ended the run, and the next leader, who knows nothing of it, has begun to clean up.
void Trouble::CreateLate() {
  Process& process = PickProcess();
  if (!process.leading()) return;
  process.CrashAt(
      {.creates_pod = true, .when = CrashPlan::When::kLate, .late_by = random_.Between(seconds(40), seconds(60))});
  const json::Array work = {"work"};
  const Picked created =
      Create(Workflows(), Object{{"defaults", Object{{"image", "busybox:1.36"}}},
                                 {"steps", json::Array{Object{{"name", "s0"}, {"command", work}}}},
                                 {"finally", json::Array{Object{{"name", "f0"}, {"command", work}}}}});
  simulation_.loop().After(random_.Between(seconds(1), seconds(20)), [this, created] {
    striking_ = "Stop";
    Patch(created, Object{{"stop", "Immediate"}}, "Immediate");
  });
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
