#include "pkg/kube/election.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "pkg/base/overloaded.h"
#include "pkg/json/write.h"

namespace coreflow::kube::election {
namespace {

using std::chrono::duration_cast;
using std::chrono::seconds;

// Longer leases are taken for mistakes: nobody could ever take over.
constexpr int64_t kLongestLeaseSeconds = 3600;

// How long the Lease is honoured after it was last seen to change.
Duration DurationOf(const Config& config, const json::Value& lease) {
  int64_t asked = lease["spec"]["leaseDurationSeconds"].IntOr(0);
  if (asked <= 0) return config.lease_duration;
  return seconds(std::min(asked, kLongestLeaseSeconds));
}

// The Lease with these changes to its spec; what we do not know stays.
json::Value WithSpec(const json::Value& lease, json::Object changes) {
  json::Object spec = lease["spec"].Members();
  for (auto& [name, value] : changes) spec[name] = std::move(value);
  json::Object out = lease.Members();
  out["spec"] = std::move(spec);
  return out;
}

class Machine {
 public:
  Machine(const Config& config, State state, Moment moment) : config_(config), s_(std::move(state)), moment_(moment) {}

  Step Run(const Input& input) {
    // A term may end before its timer says so, if the process was stopped or had much to do.
    if (s_.role == Role::kLeader && !Leading(config_, s_, moment_.now)) Lose();
    std::visit(overloaded{
                   [&](const Start&) { OnStart(); },
                   [&](const Release&) { OnRelease(); },
                   [&](const Tick&) { OnTick(); },
                   [&](const Deadline&) {},
                   [&](const Answered& answered) { OnAnswer(answered.lease); },
                   [&](const Failed& failed) { OnFailure(failed.error); },
               },
               input);
    return {std::move(s_), std::move(outputs_)};
  }

 private:
  void OnStart();
  void OnRelease();
  void OnTick();
  void OnAnswer(const json::Value& lease);
  void OnFailure(const ApiError& error);

  void OnRead();
  void OnMissing(Awaiting was);
  void OnAcquired();

  void Note(const json::Value& lease);
  void Lose();
  void SendRead();
  void SendCreate();
  void SendAcquire();
  void SendRenew();
  void SendRelease();
  void Write(Awaiting what, Output output);
  void Rest(bool jitter);
  void Stop();

  bool OursBySpec() const { return HolderOf(s_.lease) == config_.identity; }
  json::Value Now() const { return FormatMicroTime(moment_.wall); }
  int64_t LeaseSeconds() const { return duration_cast<seconds>(config_.lease_duration).count(); }

  const Config& config_;
  State s_;
  const Moment moment_;
  std::vector<Output> outputs_;
};

void Machine::OnStart() {
  if (s_.role != Role::kStopped) return;
  s_.role = Role::kCandidate;
  SendRead();
}

void Machine::OnRelease() {
  if (s_.role == Role::kStopped || s_.role == Role::kReleasing) return;
  bool writing = s_.awaiting == Awaiting::kAcquire || s_.awaiting == Awaiting::kRenew;
  bool may_be_ours = s_.role == Role::kLeader || writing || OursBySpec();
  if (!may_be_ours) return Stop();
  s_.role = Role::kReleasing;
  s_.release_until = moment_.now + config_.renew_deadline;
  if (s_.awaiting == Awaiting::kNothing) SendRelease();  // else the answer under way comes first
}

void Machine::OnTick() {
  if (s_.role == Role::kLeader && !s_.unsure) return SendRenew();
  SendRead();
}

void Machine::OnAnswer(const json::Value& lease) {
  Awaiting was = std::exchange(s_.awaiting, Awaiting::kNothing);
  Note(lease);
  s_.unsure = false;
  if (was == Awaiting::kRelease) return Stop();
  if (was == Awaiting::kRead) return OnRead();
  if (s_.role == Role::kReleasing) return SendRelease();
  if (s_.role == Role::kLeader) {
    s_.renewed = s_.sent;
    if (!Leading(config_, s_, moment_.now)) {
      Lose();
    } else {
      outputs_.push_back(EndAt{s_.renewed + config_.renew_deadline});
    }
    return Rest(false);
  }
  if (was == Awaiting::kAcquire) return OnAcquired();
  Rest(true);  // a renewal that came after the term had ended: the next term has another epoch
}

void Machine::OnRead() {
  bool ours = OursBySpec();
  if (s_.role == Role::kReleasing) return ours ? SendRelease() : Stop();
  if (s_.role == Role::kLeader) {
    if (ours && EpochOf(s_.lease) == s_.term) return SendRenew();
    Lose();
    return Rest(true);
  }
  bool over = moment_.now >= s_.changed + DurationOf(config_, s_.lease);
  if (ours || over || HolderOf(s_.lease).empty()) return SendAcquire();
  Rest(true);
}

void Machine::OnAcquired() {
  s_.renewed = s_.sent;
  s_.role = Role::kLeader;
  if (!Leading(config_, s_, moment_.now)) {  // the answer took too long; nobody was told
    s_.role = Role::kCandidate;
    return Rest(true);
  }
  s_.term = s_.epoch;
  outputs_.push_back(Lead{s_.term});
  outputs_.push_back(EndAt{s_.renewed + config_.renew_deadline});
  Rest(false);
}

void Machine::OnFailure(const ApiError& error) {
  Awaiting was = std::exchange(s_.awaiting, Awaiting::kNothing);
  if (error.error.code == Code::kNotFound) return OnMissing(was);
  if (s_.role == Role::kReleasing && moment_.now >= s_.release_until) return Stop();
  bool write = was != Awaiting::kRead;
  s_.unsure = s_.unsure || write;
  // A leader, or who gives back, must know at once whether the Lease is still its own.
  if (write && error.error.code == Code::kConflict && s_.role != Role::kCandidate) return SendRead();
  Rest(s_.role == Role::kCandidate);
}

void Machine::OnMissing(Awaiting was) {
  s_.lease = json::Value();
  if (s_.role == Role::kReleasing) return Stop();
  if (s_.role == Role::kCandidate && was == Awaiting::kRead) return SendCreate();
  if (s_.role == Role::kLeader) Lose();
  Rest(true);  // what a create misses is its namespace
}

void Machine::Note(const json::Value& lease) {
  if (lease["spec"] != s_.lease["spec"] || s_.lease.IsNull()) s_.changed = moment_.now;
  s_.lease = lease;
  s_.epoch = std::max(s_.epoch, EpochOf(lease));
}

void Machine::Lose() {
  s_.role = Role::kCandidate;
  outputs_.push_back(Lost{});
}

void Machine::SendRead() {
  s_.awaiting = Awaiting::kRead;
  outputs_.push_back(Read{});
}

void Machine::SendCreate() {
  json::Object labels;
  for (const auto& [name, value] : config_.labels) labels[name] = value;
  json::Object metadata{{"namespace", config_.key.ns}, {"name", config_.key.name}};
  if (!labels.empty()) metadata["labels"] = std::move(labels);
  json::Object spec{{"holderIdentity", config_.identity},
                    {"leaseDurationSeconds", LeaseSeconds()},
                    {"acquireTime", Now()},
                    {"renewTime", Now()},
                    {"leaseTransitions", std::max(config_.first_epoch, s_.epoch + 1)}};
  Write(Awaiting::kAcquire, Create{json::Object{{"apiVersion", "coordination.k8s.io/v1"},
                                                {"kind", "Lease"},
                                                {"metadata", std::move(metadata)},
                                                {"spec", std::move(spec)}}});
}

void Machine::SendAcquire() {
  Write(Awaiting::kAcquire, Replace{WithSpec(s_.lease, {{"holderIdentity", config_.identity},
                                                        {"leaseDurationSeconds", LeaseSeconds()},
                                                        {"acquireTime", Now()},
                                                        {"renewTime", Now()},
                                                        {"leaseTransitions", s_.epoch + 1}})});
}

void Machine::SendRenew() {
  Write(Awaiting::kRenew,
        Replace{WithSpec(s_.lease, {{"leaseDurationSeconds", LeaseSeconds()}, {"renewTime", Now()}})});
}

// One second, as client-go writes it: whoever takes part by its rules takes over at once.
void Machine::SendRelease() {
  Write(Awaiting::kRelease,
        Replace{WithSpec(
            s_.lease,
            {{"holderIdentity", ""}, {"leaseDurationSeconds", 1}, {"acquireTime", Now()}, {"renewTime", Now()}})});
}

void Machine::Write(Awaiting what, Output output) {
  s_.awaiting = what;
  s_.sent = moment_.now;
  outputs_.push_back(std::move(output));
}

void Machine::Rest(bool jitter) { outputs_.push_back(Wait{jitter}); }

void Machine::Stop() {
  s_.role = Role::kStopped;
  s_.awaiting = Awaiting::kNothing;
  outputs_.push_back(Released{});
}

}  // namespace

Step Next(const Config& config, State state, const Input& input, Moment moment) {
  return Machine(config, std::move(state), moment).Run(input);
}

bool Leading(const Config& config, const State& state, Duration now) {
  return state.role == Role::kLeader && now < state.renewed + config.renew_deadline;
}

std::string HolderOf(const json::Value& lease) { return lease["spec"]["holderIdentity"].StringOr(""); }

int64_t EpochOf(const json::Value& lease) {
  return std::clamp<int64_t>(lease["spec"]["leaseTransitions"].IntOr(0), 0, std::numeric_limits<int32_t>::max());
}

void PrintTo(const Output& output, std::ostream* out) {
  auto spec = [](const json::Value& lease) { return json::Write(lease["spec"]); };
  std::visit(overloaded{
                 [&](const Read&) { *out << "Read"; },
                 [&](const Create& o) { *out << "Create " << spec(o.lease); },
                 [&](const Replace& o) { *out << "Replace " << spec(o.lease); },
                 [&](const Wait& o) { *out << (o.jitter ? "Wait with jitter" : "Wait"); },
                 [&](const Lead& o) { *out << "Lead " << o.epoch; },
                 [&](const EndAt& o) { *out << "EndAt " << o.at.count(); },
                 [&](const Lost&) { *out << "Lost"; },
                 [&](const Released&) { *out << "Released"; },
             },
             output);
}

}  // namespace coreflow::kube::election
