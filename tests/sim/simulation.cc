#include "tests/sim/simulation.h"

#include <fmt/format.h>

#include <utility>

#include "pkg/apiserver/object.h"

namespace coreflow::sim {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr size_t kLinesTold = 40;
constexpr size_t kMostAtOnce = 20'000;

std::string KeyOf(const json::Value& object) {
  return apiserver::NamespaceOf(object) + "/" + apiserver::NameOf(object);
}

bool Held(const json::Value& pod) {
  for (const json::Value& finalizer : pod["metadata"]["finalizers"].Elements()) {
    if (finalizer == json::Value(engine::kFinalizer)) return true;
  }
  return false;
}

constexpr char kStoreFails[] = "StoreFails";
constexpr char kUploadFails[] = "UploadFails";
constexpr char kInputMissing[] = "InputMissing";
// More than what sweeps spare.
constexpr Duration kADay = store::kSpared + std::chrono::hours(1);

// Why an object is not at rest; empty when it is.
std::string NotAtRest(const json::Value& object) {
  const json::Value& status = object["status"];
  if (apiserver::IsBeingDeleted(object)) return "it is being deleted";
  const int64_t generation = object["metadata"]["generation"].IntOr(0);
  if (status["observedGeneration"].IntOr(0) != generation) {
    return fmt::format("generation {} is not observed", generation);
  }
  const bool refused = status["conditions"].Elements().empty()
                           ? false
                           : status["conditions"].Elements().front()["reason"].StringOr("") == "InvalidSpec";
  if (refused) return "";
  if (status["run"]["result"].StringOr("").empty())
    return "run " + std::to_string(status["run"]["number"].IntOr(0)) + " has no result";
  return "";
}

}  // namespace

Simulation::Simulation(const Options& options)
    : options_(options),
      random_(options.seed),
      script_(options.seed),
      store_(loop_, StoreHooks()),
      couriers_(options.seed, store_, CourierHooks()),
      sweep_faults_{.failing = options.store_faults, .dying = options.sweep_crashes},
      cluster_(loop_, {.seed = options.seed, .script = [this](const json::Value& pod) { return BehaviourOf(pod); }}),
      fence_(cluster_.store, loop_, {.most_lag = options.fence_lag.value_or(Duration(0)), .seed = options.seed}),
      network_(options.seed, options.rates),
      entries_(loop_, store_, options.seed, options.store_faults, [this] { Count(kStoreFails); }),
      checker_(options.fence_lag == Duration(0)),
      story_(cluster_.registry.audit(), options.trace),
      phases_(cluster_.registry.audit()) {
  using When = CrashPlan::When;
  for (When when : {When::kBefore, When::kAfter, When::kLate}) MayStrike(CrashName(when));
  for (const char* name : {kLostLease, kCrashInSweep, kUploadFails, kInputMissing}) MayStrike(name);
  for (const auto& [name, times] : network_.fired()) MayStrike(name);
  network_.OnFired([this](const std::string& name) { Count(name); });
  AdmitPods();
  for (int i = 0; i < options.processes; ++i) AddProcess();
}

void Simulation::AddProcess() {
  const size_t index = processes_.size();
  const std::string number = std::to_string(index);
  const Duration error = random_.Between(-options_.most_clock_error, options_.most_clock_error);
  processes_.push_back(std::make_unique<Process>(
      loop_, cluster_,
      Process::Options{.name = number,
                       .seed = random_.Next(),
                       .clock_error = error,
                       .faults = options_.faults ? options_.faults : &network_,
                       .results = &entries_,
                       .blobs = &entries_,
                       .swept = &store_,
                       .sweep_faults = &sweep_faults_,
                       .has_fence = options_.fence_lag.has_value(),
                       .install = options_.installs ? "install-" + number : "coreflow-operator",
                       .on_death = [this, index](const std::string& why) { OnDeath(index, why); },
                       .on_quarantined = [this](const std::string& what) { Violate("Quarantined", "", what); }}));
}

simulation::Behaviour Simulation::BehaviourOf(const json::Value& pod) {
  if (options_.script) return options_.script(pod);
  std::string large_outputs;
  simulation::Behaviour behaviour =
      script_.BehaviourOf(pod, [&large_outputs](const std::string& text) { large_outputs = text; });
  couriers_.Accompany(pod, large_outputs, behaviour);
  return behaviour;
}

// The checker hears of all in the order in which it happens.
SimulatedStore::Hooks Simulation::StoreHooks() {
  using BlobName = SimulatedStore::BlobName;
  return {.on_put =
              [this](const BlobName& blob) {
                checker_.Follow(cluster_.registry.audit());
                checker_.OnBlobPut(blob);
              },
          .on_swept =
              [this](const BlobName& blob) {
                checker_.Follow(cluster_.registry.audit());
                checker_.OnBlobSwept(blob, store_.HasResultWith(blob), store_.IsNamed(blob.digest), loop_.Now());
                story_.Note(loop_.Now(), "a sweep deletes " + blob.name_space + "/" + blob.digest);
              },
          .on_lost =
              [this](const BlobName& blob, bool name) {
                checker_.Follow(cluster_.registry.audit());
                checker_.OnBlobLost(blob, name, loop_.Now());
              }};
}

Couriers::Hooks Simulation::CourierHooks() {
  return {.on_missing = [this](const std::string& uid,
                               const std::string& what) { StrikeIn(PodPhase::kCreating, kInputMissing, uid, what); },
          .on_refused = [this](const std::string& uid,
                               const std::string& what) { StrikeIn(PodPhase::kRunning, kUploadFails, uid, what); }};
}

void Simulation::StrikeIn(PodPhase phase, const char* name, const std::string& uid, const std::string& what) {
  PodPhaseSet only;
  only.set(IndexOf(phase));
  only &= phases().OfPod(uid);
  if (only.any()) return Strike(name, what, only);
  story_.Note(loop_.Now(), what);
}

void Simulation::AdmitPods() {
  for (const char* refusal : {"FenceBehind", "QuotaDenied", kStoreFails}) MayStrike(refusal);
  cluster_.registry.Admit([this](const apiserver::AdmissionRequest& request) -> std::optional<apiserver::Failure> {
    if (!options_.fence_lag) return std::nullopt;
    const int behind = fence_.behind();
    auto refused = fence_.Ask(request);
    if (fence_.behind() > behind) Count("FenceBehind");
    return refused;
  });
  cluster_.registry.Admit([this](const apiserver::AdmissionRequest& request) -> std::optional<apiserver::Failure> {
    if (!quota_) return std::nullopt;
    auto refused =
        apiserver::PodQuota(cluster_.store, apiserver::NamespaceOf(request.object), "pods", *quota_)(request);
    if (refused) Count("QuotaDenied");
    return refused;
  });
}

CrashPlan Simulation::RandomPlan() {
  using When = CrashPlan::When;
  const When whens[] = {When::kBefore, When::kAfter, When::kLate};
  return {.write = 1 + static_cast<int>(random_.Below(random_.Chance(500) ? 12 : 60)),
          .when = whens[random_.Below(3)],
          .late_by = random_.Between(Duration(0), seconds(60))};
}

void Simulation::StartProcess(Process& process, std::optional<CrashPlan> plan) { process.Start(plan); }

void Simulation::Crash(Process& process) {
  process.Crash();
  for (size_t i = 0; i < processes_.size(); ++i) {
    if (processes_[i].get() == &process) OnDeath(i, "killed");
  }
}

void Simulation::OnDeath(size_t index, const std::string& why) {
  const std::string name = why.substr(0, why.find(' '));
  const std::string what = fmt::format("process {}: {}", index, why);
  if (name == kCrashInSweep) {
    // A sweep has nothing to do with pods but for those whose artifacts are named by then.
    PodPhaseSet stored;
    stored.set(IndexOf(PodPhase::kStored));
    Strike(name, what, stored & phases().Present());
  } else if (strikes_.contains(name)) {
    Strike(name, what);
  } else {
    story_.Note(loop_.Now(), what);
  }
  const Duration pause = healed_ ? options_.least_pause : random_.Between(options_.least_pause, options_.most_pause);
  loop_.After(pause, [this, index] {
    if (processes_[index]->alive() || switched_off_) return;
    const bool again = !healed_ && random_.Chance(options_.crash_again);
    story_.Note(loop_.Now(), fmt::format("process {} starts", index));
    StartProcess(*processes_[index], again ? std::optional(RandomPlan()) : std::nullopt);
  });
}

const PodPhases& Simulation::phases() {
  phases_.Follow();
  return phases_;
}

void Simulation::Strike(const std::string& name, const std::string& what, const PodPhaseSet& phases) {
  strikes_[name].Count(phases);
  story_.Note(loop_.Now(), name + " " + what);
}

void Simulation::Advance(Duration span) {
  AdvanceUntil([] { return false; }, span);
}

bool Simulation::AdvanceUntil(const std::function<bool()>& holds, Duration most) {
  const Duration until = loop_.Monotonic() + most;
  while (true) {
    const bool livelock = loop_.RunUntilIdle(kMostAtOnce) == kMostAtOnce;
    if (livelock) Violate("Livelock", "", "work makes work, and no time passes");
    checker_.Follow(cluster_.registry.audit());
    story_.Follow();
    if (holds()) return true;
    if (Failed()) return false;
    const auto next = loop_.NextTimer();
    if (!next || loop_.Monotonic() + *next > until) break;
    loop_.AdvanceToNext(kMostAtOnce);
  }
  loop_.Advance(until - loop_.Monotonic());
  return holds();
}

void Simulation::Heal() {
  story_.Note(loop_.Now(), "all is well from here on");
  healed_ = true;
  network_.Stop();
  script_.Heal();
  couriers_.Heal();
  sweep_faults_.dying = 0;
  quota_.reset();
  for (const std::string& node : cluster_.kubelet.nodes()) cluster_.nodes.RecoverNode(node);
  for (auto& process : processes_) {
    process->Pause(false);
    process->CutOff(false);
    if (!process->alive()) OnDeath(static_cast<size_t>(&process - processes_.data()), "restarted");
  }
  for (const apiserver::Resource* resource : {&apiserver::Workflows(), &apiserver::Jobs()}) {
    for (const json::Value& object : cluster_.List(*resource, "")) {
      const auto written = cluster_.MergePatch(*resource, apiserver::NamespaceOf(object), apiserver::NameOf(object),
                                               json::Object{{"spec", json::Object{{"suspend", false}}}});
      static_cast<void>(written);
    }
  }
}

std::string Simulation::Unfinished() const {
  for (const apiserver::Resource* resource : {&apiserver::Workflows(), &apiserver::Jobs()}) {
    for (const json::Value& object : cluster_.List(*resource, "")) {
      std::string why = NotAtRest(object);
      if (!why.empty()) return KeyOf(object) + ": " + why;
    }
  }
  for (const json::Value& pod : cluster_.List(apiserver::Pods(), "")) {
    if (Held(pod)) return "pod " + KeyOf(pod) + " has its finalizer";
  }
  return "";
}

// What a person would do about pods that never start.
void Simulation::DeleteStuckPods() {
  for (const json::Value& pod : cluster_.List(apiserver::Pods(), "")) {
    const auto since = ParseTime(pod["metadata"]["creationTimestamp"].StringOr(""));
    const bool pending = pod["status"]["phase"].StringOr("") == "Pending" && !apiserver::IsBeingDeleted(pod);
    if (!pending || !since || loop_.Now() - *since < minutes(1)) continue;
    story_.Note(loop_.Now(), "the user deletes " + KeyOf(pod) + ", which does not start");
    static_cast<void>(cluster_.Delete(apiserver::Pods(), apiserver::NamespaceOf(pod), apiserver::NameOf(pod)));
  }
}

void Simulation::ExpectRunsEnd(Duration bound) {
  const Duration until = loop_.Monotonic() + bound;
  auto done = [this] { return Unfinished().empty(); };
  while (!Failed() && loop_.Monotonic() < until) {
    if (AdvanceUntil(done, minutes(1))) return;
    DeleteStuckPods();
  }
  if (!Failed()) Violate("NeverEnds", Unfinished(), fmt::format("{} s after the last fault", bound.count() / 1000));
}

void Simulation::ExpectRest(Duration span) {
  if (Failed()) return;
  std::vector<int> before;
  for (const auto& process : processes_) before.push_back(process->writes());
  Advance(span);
  for (size_t i = 0; i < processes_.size(); ++i) {
    const int writes = processes_[i]->writes() - before[i];
    if (writes != 0)
      Violate("WritesAtRest", "process " + std::to_string(i),
              std::to_string(writes) + " requests, the last " + processes_[i]->last_write());
  }
}

std::string Simulation::Leftovers() const {
  std::string left;
  for (const apiserver::Resource* resource :
       {&apiserver::Workflows(), &apiserver::Jobs(), &apiserver::Records(), &apiserver::Pods()}) {
    for (const json::Value& object : cluster_.List(*resource, "")) left += " " + KeyOf(object);
  }
  return left;
}

void Simulation::ExpectNothingLeft(Duration bound) {
  if (Failed()) return;
  sweep_faults_.dying = 0;  // without a fence each new leader holds pods for minutes
  story_.Note(loop_.Now(), "the user deletes everything");
  for (const apiserver::Resource* resource : {&apiserver::Workflows(), &apiserver::Jobs()}) {
    for (const json::Value& object : cluster_.List(*resource, "")) {
      const char* how = random_.Chance(300) ? "Foreground" : "Background";
      static_cast<void>(
          cluster_.Delete(*resource, apiserver::NamespaceOf(object), apiserver::NameOf(object), {.propagation = how}));
    }
  }
  for (const json::Value& pod : cluster_.List(apiserver::Pods(), "")) {
    if (FactsOf(pod).ours) continue;
    static_cast<void>(cluster_.Delete(apiserver::Pods(), apiserver::NamespaceOf(pod), apiserver::NameOf(pod)));
  }
  if (!AdvanceUntil([this] { return Leftovers().empty(); }, bound) && !Failed()) {
    Violate("LeftBehind", Leftovers(), fmt::format("{} s after the deletion", bound.count() / 1000));
  }
}

void Simulation::SwitchOffForADay() {
  if (Failed()) return;
  story_.Note(loop_.Now(), "the operator is switched off for a day");
  switched_off_ = true;
  for (auto& process : processes_) process->Crash();
  Advance(kADay);
  switched_off_ = false;
  story_.Note(loop_.Now(), "the operator is switched on");
  sweep_faults_.dying = options_.sweep_crashes;
  for (auto& process : processes_) StartProcess(*process, {});
}

void Simulation::ExpectStoreSwept(Duration bound) {
  sweep_faults_ = {};
  const Duration until = loop_.Monotonic() + bound;
  while (!Failed() && loop_.Monotonic() < until) {
    if (store_.Unreferenced().empty()) return;
    Advance(minutes(1));
  }
  if (Failed()) return;
  Violate("LeftInStore", store_.Unreferenced(), fmt::format("{} s after all is gone", bound.count() / 1000));
}

void Simulation::Violate(const std::string& rule, const std::string& object, const std::string& detail) {
  violations_.push_back({.rule = rule, .object = object, .detail = detail, .at = loop_.Now()});
}

std::string Simulation::Report() const {
  if (!Failed()) return "";
  std::string text = fmt::format("seed {} broke a promise:\n", options_.seed);
  for (const auto* list : {&checker_.violations(), &violations_}) {
    for (const Violation& violation : *list) {
      text += fmt::format("{} {} {}: {}\n", FormatMicroTime(violation.at), violation.rule, violation.object,
                          violation.detail);
    }
  }
  return text + fmt::format("Play it again, and be told all: make sim COREFLOW_SEED={}\nThe end of the story:\n{}",
                            options_.seed, story_.Last(kLinesTold));
}

}  // namespace coreflow::sim
