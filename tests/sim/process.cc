#include "tests/sim/process.h"

#include <utility>

#include "pkg/engine/pretended.h"
#include "tests/sim/sweeper.h"

namespace coreflow::sim {

const char* CrashName(CrashPlan::When when) {
  constexpr const char* kNames[] = {"CrashBeforeWrite", "CrashAfterWrite", "CrashLateWrite"};
  return kNames[static_cast<size_t>(when)];
}

namespace {

simulation::Fate FateAtDeath(CrashPlan::When when) {
  switch (when) {
    case CrashPlan::When::kBefore: return simulation::Fate::kLost;
    case CrashPlan::When::kAfter: return simulation::Fate::kServed;
    case CrashPlan::When::kLate: return simulation::Fate::kLate;
  }
  return simulation::Fate::kServed;
}

// Faults of the network, and the death of the process at one of its writes.
class ProcessFaults : public simulation::Faults {
 public:
  ProcessFaults(simulation::Faults* network, std::optional<CrashPlan> plan,
                std::function<void(const std::string& how)> die)
      : network_(network), plan_(plan), die_(std::move(die)) {}

  simulation::RequestFault OnRequest(const http::Request& request) override {
    const bool counts =
        simulation::IsWrite(request) && request.target.find("/namespaces/kube-system/leases") == std::string::npos;
    if (counts) {
      last_write_ = request.method + " " + request.target;
      ++writes_;
    }
    if (counts && plan_ && IsPlanned(request)) {
      die_(CrashName(plan_->when));
      return {.fate = FateAtDeath(plan_->when), .late_by = plan_->late_by};
    }
    return network_ ? network_->OnRequest(request) : simulation::RequestFault{};
  }
  simulation::WatchFault OnWatch(const http::Request& request) override {
    return network_ ? network_->OnWatch(request) : simulation::WatchFault{};
  }
  simulation::FrameFault OnFrame(const http::Request& watch) override {
    return network_ ? network_->OnFrame(watch) : simulation::FrameFault{};
  }

  // From now on: one that was to come later is off.
  void SetPlan(CrashPlan plan) {
    if (plan_ && plan_->write > writes_ && plan_->write < writes_ + plan.write && !plan.creates_pod) return;
    plan.write += writes_;
    plan_ = plan;
  }
  int writes() const { return writes_; }
  const std::string& last_write() const { return last_write_; }

 private:
  bool IsPlanned(const http::Request& request) const {
    if (!plan_->creates_pod) return writes_ == plan_->write;
    const std::string path = request.target.substr(0, request.target.find('?'));
    return request.method == "POST" && path.ends_with("/pods") && request.target.find("dryRun") == std::string::npos;
  }

  simulation::Faults* network_;
  std::optional<CrashPlan> plan_;
  const std::function<void(const std::string& how)> die_;
  int writes_ = 0;
  std::string last_write_;
};

}  // namespace

class Process::Life {
 public:
  // `end` is called once, from the loop, when this is to be destroyed.
  Life(Loop& loop, simulation::Cluster& cluster, const Options& options, const std::string& identity, uint64_t seed,
       std::optional<CrashPlan> plan, std::function<void(const std::string& why)> end)
      : shared_loop_(loop),
        end_(std::move(end)),
        random_(seed),
        loop_(loop, options.clock_error),
        faults_(options.faults, plan, [this](const std::string& how) { Die(how); }),
        transport_(cluster.Connect({.seed = seed, .user_agent = kOperatorAgent + ("-" + options.name)}, &faults_)),
        controller_(loop_, *transport_,
                    {.instance = options.name,
                     .election = runs::Controller::Election{.lease = {.ns = "kube-system", .name = options.install},
                                                            .identity = identity},
                     .has_fence = options.has_fence,
                     .claim_owner = options.install,
                     .random = [this] { return static_cast<double>(random_.Below(1'000'000)) / 1e6; },
                     .results = options.results,
                     .blobs = options.blobs,
                     .courier = engine::PretendedCourier()},
                    {.on_lost = [this] { EndSoon(kLostLease); },
                     .on_changed_hands = [this](const std::string&) { Terminate(); },
                     .on_quarantined =
                         [&options](const reactor::OwnerKey& key, const std::string& what) {
                           if (options.on_quarantined) options.on_quarantined(key.name + ": " + what);
                         }}) {
    controller_.Start();
    if (options.swept == nullptr) return;
    sweeper_ = std::make_unique<Sweeper>(Sweeper::Options{.store = {.store = *options.swept,
                                                                    .faults = *options.sweep_faults,
                                                                    .world = loop,
                                                                    .process = loop_,
                                                                    .die = [this] { Die(kCrashInSweep); }},
                                                          .seed = seed,
                                                          .in_use = [this] { return controller_.BlobsInUse(); }});
  }

  void Terminate() {
    controller_.Stop([this] { EndSoon("terminated"); });
  }
  simulation::ProcessLoop& loop() { return loop_; }
  simulation::FaultyTransport& transport() { return *transport_; }
  bool leading() const { return controller_.leading(); }
  ProcessFaults& faults() { return faults_; }

 private:
  // Inside a call of the controller: it can't be destroyed yet, but hears and says nothing more.
  void Die(const std::string& how) {
    transport_->Kill();
    loop_.Pause();
    EndSoon(how + " " + std::to_string(faults_.writes()));
  }
  void EndSoon(const std::string& why) {
    shared_loop_.Post([end = end_, why] { end(why); });
  }

  Loop& shared_loop_;
  const std::function<void(const std::string& why)> end_;
  Dice random_;
  simulation::ProcessLoop loop_;
  ProcessFaults faults_;
  std::unique_ptr<simulation::FaultyTransport> transport_;
  runs::Controller controller_;
  std::unique_ptr<Sweeper> sweeper_;  // null: there is nothing to sweep
};

Process::Process(Loop& loop, simulation::Cluster& cluster, Options options)
    : loop_(loop), cluster_(cluster), options_(std::move(options)), random_(options_.seed) {}
Process::~Process() = default;

void Process::Start(std::optional<CrashPlan> plan) {
  const int life = ++lives_;
  const std::string identity = options_.name + "-" + std::to_string(life);
  life_ = std::make_unique<Life>(loop_, cluster_, options_, identity, random_.Next(), plan,
                                 [this, life](const std::string& why) {
                                   if (life != lives_ || !life_) return;  // that life is over already
                                   Crash();
                                   options_.on_death(why);
                                 });
}

void Process::Crash() { life_.reset(); }
bool Process::leading() const { return life_ && life_->leading(); }
void Process::CrashAt(CrashPlan plan) {
  if (life_) life_->faults().SetPlan(plan);
}
void Process::Pause(bool paused) {
  if (!life_) return;
  paused ? life_->loop().Pause() : life_->loop().Resume();
}
void Process::CutOff(bool cut_off) {
  if (life_) life_->transport().CutOff(cut_off);
}
void Process::Terminate() {
  if (life_) life_->Terminate();
}
int Process::writes() const { return life_ ? life_->faults().writes() : 0; }
std::string Process::last_write() const { return life_ ? life_->faults().last_write() : ""; }

}  // namespace coreflow::sim
