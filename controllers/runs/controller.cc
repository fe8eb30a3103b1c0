#include "controllers/runs/controller.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "pkg/api/reasons.h"
#include "pkg/engine/names.h"

namespace coreflow::runs {

namespace {

// After this an object that its namespace's owner has not looked at waits for an owner that may be gone.
constexpr Duration kOwnerIsAway = std::chrono::seconds(30);
// So that the claims which another install gives up together are taken over together.
constexpr Duration kMoreChangeHands = std::chrono::seconds(5);

}  // namespace

Controller::Controller(Loop& loop, http::Transport& transport, Options options, Hooks hooks)
    : loop_(loop),
      options_(std::move(options)),
      hooks_(std::move(hooks)),
      client_(loop, transport, MakeClientOptions()),
      events_(loop, client_, {.source = {.instance = options_.instance}}),
      contents_(loop, client_, options_.contents),
      cache_(MakeCache()),
      applier_(loop, client_, events_, MakeApplierOptions()),
      claims_(loop, client_, MakeClaimsOptions()),
      reactor_(loop, MakeReactorHooks()),
      sources_(loop, client_, MakeSourcesOptions()),
      elector_(options_.election ? std::make_unique<kube::LeaderElector>(loop, client_, MakeLeaseOptions()) : nullptr) {
}

kube::ClientOptions Controller::MakeClientOptions() {
  return {.max_in_flight = options_.max_in_flight, .on_request = hooks_.on_request};
}

std::unique_ptr<cache::StepCache> Controller::MakeCache() {
  if (!options_.results) return nullptr;
  return std::make_unique<cache::StepCache>(loop_, *options_.results,
                                            cache::StepCache::Options{.contents = &contents_});
}

Applier::Options Controller::MakeApplierOptions() {
  return {.may_write = [this] { return leading(); },
          .observe =
              [this](const reactor::OwnerKey& key, const engine::Observation& observation) {
                if (const auto* seen = std::get_if<engine::PodSeen>(&observation)) sources_.NoteAnswer(key, seen->pod);
                const auto* record = std::get_if<engine::RecordSeen>(&observation);
                if (record != nullptr && hooks_.on_recorded) hooks_.on_recorded(key, *record);
                reactor_.Answer(key, observation);
              },
          .awaits_pod = [this](const reactor::OwnerKey& key,
                               const std::string& pod) { return reactor_.AwaitsPod(key.uid, pod); },
          .lives = [this](const reactor::OwnerKey& key) { return reactor_.Lives(key.uid); },
          .on_fenced = [this] { Lose(); },
          .cache = cache_.get(),
          .blobs = options_.blobs,
          .on_cache_answer = hooks_.on_cache_answer,
          .on_trouble =
              [this](const reactor::OwnerKey& key, const std::string& doing, const kube::ApiError& error) {
                if (hooks_.on_request_failed) hooks_.on_request_failed(key, doing, error);
              }};
}

reactor::Reactor::Hooks Controller::MakeReactorHooks() {
  return {.apply = [this](const reactor::OwnerKey& key, const engine::Action& action) { applier_.Apply(key, action); },
          .may_decide = [this](const reactor::OwnerKey& key) { return claims_.Owns(key.ns) && !OfLaterEpoch(key); },
          .on_held = [this](const reactor::OwnerKey& key) { SayLater(key); },
          .on_quarantined =
              [this](const reactor::OwnerKey& key, const std::string& what) {
                LeaveCache(key.uid);
                if (hooks_.on_quarantined) hooks_.on_quarantined(key, what);
              },
          .on_decided = hooks_.on_decided,
          .on_gone =
              [this](const std::string& uid) {
                LeaveCache(uid);
                if (hooks_.on_gone) hooks_.on_gone(uid);
              }};
}

// Nobody is to wait for what an engine that is no more was to compute.
void Controller::LeaveCache(const std::string& uid) {
  if (cache_) cache_->LeaveAll(uid);
}

Claims::Options Controller::MakeClaimsOptions() {
  return {.owner = options_.claim_owner,
          .may_write = [this] { return leading(); },
          .on_ours = [this](const std::string& ns) { reactor_.Admit(ns); },
          .on_anothers =
              [this](const std::string& ns, const std::string& owner) {
                if (hooks_.on_anothers) hooks_.on_anothers(ns, owner);
              },
          .on_changed_hands = [this](const std::string& ns) { ChangeHands(ns); },
          .on_trouble =
              [this](const std::string& ns, const kube::ApiError& error) {
                if (hooks_.on_claim_failed) hooks_.on_claim_failed(ns, error);
              }};
}

Sources::Options Controller::MakeSourcesOptions() {
  std::function<void(const std::string&, const std::optional<std::string>&)> on_claim;
  if (!options_.claim_owner.empty()) {
    on_claim = [this](const std::string& ns, const std::optional<std::string>& holder) { claims_.Saw(ns, holder); };
  }
  return {.namespaces = options_.namespaces,
          .random = options_.random,
          .observe = [this](const reactor::OwnerKey& key,
                            const engine::Observation& observation) { reactor_.Observe(key, observation); },
          .on_record =
              [this](const kube::ObjectKey& key, const RecordView* record) {
                record ? record_blobs_.Seen(key, *record) : record_blobs_.Gone(key);
              },
          .on_claim = std::move(on_claim),
          .on_synced =
              [this] {
                if (hooks_.on_synced) hooks_.on_synced();
                RaiseFence();
                StartIfReady();
              },
          .on_undecodable =
              [this](const std::string& resource, const kube::ObjectKey& key, const std::string& message) {
                if (hooks_.on_undecodable) hooks_.on_undecodable(resource, key, message);
              },
          .on_trouble =
              [this](const std::string& resource, const kube::ApiError& error) {
                if (hooks_.on_watch_failed) hooks_.on_watch_failed(resource, error);
              }};
}

kube::LeaseOptions Controller::MakeLeaseOptions() {
  return {.key = options_.election->lease,
          .identity = options_.election->identity,
          .times = options_.election->times,
          .random = options_.random,
          .on_leading = [this](int64_t epoch) { Win(epoch); },
          .on_lost = [this] { Lose(); },
          .on_trouble = hooks_.on_lease_failed};
}

void Controller::Start() {
  sources_.Start();
  if (elector_) return elector_->Start();
  Lead(0, true);
}

bool Controller::leading() const { return leading_ && (!elector_ || elector_->leading()); }

std::optional<cache::BlobsInUse> Controller::BlobsInUse() const {
  if (!leading() || !fresh_ || !sources_.synced()) return std::nullopt;
  return record_blobs_.InUse({options_.namespaces.begin(), options_.namespaces.end()});
}

void Controller::Win(int64_t epoch) {
  leading_ = true;
  won_ = epoch;
  RaiseFence();
}

// Not before the objects are known: when somebody has deleted the Fence, only their status tells how far epochs were.
void Controller::RaiseFence() {
  if (!won_ || !sources_.synced()) return;
  const int64_t epoch = std::max(*std::exchange(won_, std::nullopt), reactor_.HighestEpoch() + 1);
  if (!options_.has_fence) return Lead(epoch, false);
  fence_ = std::make_unique<Fence>(loop_, client_,
                                   Fence::Options{.ns = options_.election->lease.ns,
                                                  .holder = options_.election->identity,
                                                  .patience = options_.fencing.patience,
                                                  .may_write = [this] { return leading(); },
                                                  .on_trouble = hooks_.on_lease_failed});
  fence_->Raise(epoch, [this](int64_t raised, bool up) { Lead(raised, up); });
}

void Controller::Lead(int64_t epoch, bool fenced) {
  leading_ = true;  // also when we are alone
  const Duration tombstones = fenced ? options_.fencing.tombstones : options_.fencing.tombstones_unfenced;
  term_ = {.epoch = epoch,
           .settled_at = elector_ ? loop_.Now() + tombstones : Time{},
           .fenced = fenced,
           .courier = options_.courier,
           .traced = options_.traced};
  if (hooks_.on_leading) hooks_.on_leading(epoch, fenced);
  if (!elector_) {
    fresh_ = true;
    return StartIfReady();
  }
  // What was watched before may lack what the former leader has done: a standby's watches can be minutes behind.
  sources_.Refresh([this] {
    fresh_ = true;
    StartIfReady();
  });
}

void Controller::Lose() {
  if (!leading_) return;
  reactor_.Stop();
  leading_ = false;
  if (hooks_.on_lost) hooks_.on_lost();
}

// The namespace was another install's when our term began, and has been given up before we looked; or somebody has
// written an epoch by hand. Our status would be refused for ever.
bool Controller::OfLaterEpoch(const reactor::OwnerKey& key) {
  if (!elector_ || reactor_.EpochOf(key.uid) <= term_.epoch) return false;
  if (later_.insert(key.ns).second) ChangeHands(key.ns);
  return true;
}

// With the claim its runs may go too, when the namespace is deleted: then there is nothing to take over.
void Controller::ChangeHands(const std::string& ns) {
  loop_.After(kMoreChangeHands, [this, ns, alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.lock() || !leading_) return;
    later_.erase(ns);
    if (!reactor_.HasOwnersIn(ns)) return claims_.Forget(ns);
    if (hooks_.on_changed_hands) hooks_.on_changed_hands(ns);
  });
}

// What belongs to another install is that one's to speak of; unless it seems to be gone.
void Controller::SayLater(const reactor::OwnerKey& key) {
  loop_.After(kOwnerIsAway, [this, key, alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.lock()) return;
    const std::optional<std::string> owner = claims_.OtherOwner(key.ns);
    const engine::ObjectView* object = reactor_.Object(key.uid);
    if (!owner || !object || object->status["observedGeneration"] == json::Value(object->generation)) return;
    applier_.Apply(key,
                   engine::EmitEvent{.warning = true,
                                     .reason = std::string(api::Token(api::Reason::kNamespaceClaimed)),
                                     .message = "namespace " + key.ns + " is claimed by the installation " + *owner +
                                                ": if that is gone for good, delete the Lease " + engine::kClaimName});
  });
}

void Controller::StartIfReady() {
  if (leading_ && fresh_ && sources_.synced()) reactor_.Start(term_);
}

void Controller::Stop(std::function<void()> done) {
  reactor_.Stop();
  const bool held = leading_;
  leading_ = false;
  if (!held || !elector_) return done();
  elector_->Release(std::move(done));
}

}  // namespace coreflow::runs
