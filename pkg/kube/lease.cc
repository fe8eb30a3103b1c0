#include "pkg/kube/lease.h"

#include <utility>
#include <vector>

#include "pkg/base/check.h"
#include "pkg/base/overloaded.h"
#include "pkg/kube/election.h"

namespace coreflow::kube {
namespace {

// client-go's JitterFactor.
constexpr double kJitter = 1.2;

}  // namespace

// Sends what election decides. A callback may destroy the elector: gone_ is set from then on.
class LeaderElector::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(Loop& loop, Client& client, LeaseOptions options)
      : loop_(loop),
        client_(client),
        options_(std::move(options)),
        config_{.key = options_.key,
                .identity = options_.identity,
                .lease_duration = options_.times.lease_duration,
                .renew_deadline = options_.times.renew_deadline,
                .labels = options_.labels,
                .first_epoch = options_.first_epoch} {
    const LeaseTimes& times = options_.times;
    CHECK(times.lease_duration > times.renew_deadline && times.retry_period > Duration(0) &&
              times.renew_deadline > times.retry_period * 6 / 5,
          "the times of a lease are in order");
    CHECK(!options_.identity.empty(), "an empty holder means nobody");
  }

  void Step(const election::Input& input);
  void Release(std::function<void()> done);
  void Destroy();

  bool leading() const { return election::Leading(config_, state_, loop_.Monotonic()); }
  int64_t epoch() const { return term_; }
  const std::string& holder() const { return holder_; }

 private:
  void Act(const election::Output& output);
  void Tell(const election::Output& output);
  void Send(Result<Request> request);
  void Wait(bool jitter);
  void OnAnswer(const Answer& answer);
  void OnReleased();

  Loop& loop_;
  Client& client_;
  const LeaseOptions options_;
  const election::Config config_;
  election::State state_;
  uint64_t turn_ = 0;  // counts requests and waits; what belongs to an earlier one comes too late
  Client::Ticket ticket_ = 0;
  int64_t term_ = 0;
  std::string holder_;
  std::vector<std::function<void()>> released_;
  bool gone_ = false;
};

void LeaderElector::Impl::Step(const election::Input& input) {
  if (gone_) return;
  election::Step step = election::Next(config_, std::move(state_), input, {loop_.Monotonic(), loop_.Now()});
  state_ = std::move(step.state);
  holder_ = election::HolderOf(state_.lease);
  for (const election::Output& output : step.outputs) Act(output);
  // Told last: a callback may give the Lease back, which must find the request and the wait of this step in place.
  for (const election::Output& output : step.outputs) {
    if (!gone_) Tell(output);
  }
}

void LeaderElector::Impl::Act(const election::Output& output) {
  std::visit(overloaded{
                 [&](const election::Read&) { Send(Get(kLeases, options_.key)); },
                 [&](const election::Create& o) { Send(Create(kLeases, options_.key.ns, o.lease)); },
                 [&](const election::Replace& o) { Send(Update(kLeases, options_.key, o.lease)); },
                 [&](const election::Wait& o) { Wait(o.jitter); },
                 [&](const election::EndAt& o) {
                   loop_.After(o.at - loop_.Monotonic(), [weak = weak_from_this()] {
                     if (auto self = weak.lock()) self->Step(election::Deadline{});
                   });
                 },
                 [&](const election::Lead& o) { term_ = o.epoch; },
                 [](const election::Lost&) {},
                 [](const election::Released&) {},
             },
             output);
}

void LeaderElector::Impl::Tell(const election::Output& output) {
  if (auto* lead = std::get_if<election::Lead>(&output)) options_.on_leading(lead->epoch);
  if (std::holds_alternative<election::Lost>(output)) options_.on_lost();
  if (std::holds_alternative<election::Released>(output)) OnReleased();
}

void LeaderElector::Impl::Send(Result<Request> request) {
  uint64_t turn = ++turn_;
  auto done = [weak = weak_from_this(), turn](Answer answer) {
    auto self = weak.lock();
    if (self && self->turn_ == turn) self->OnAnswer(answer);
  };
  if (!request) {  // the key is wrong: said as often as a server would
    loop_.Post([done, error = request.error()] { done(Answer{.error = ErrorWithoutAnswer(error)}); });
    return;
  }
  // Half, so that a second try fits into the term; no retries, because a late renewal must not hide a lost term.
  ticket_ = client_.Send(*std::move(request), done, {.deadline = options_.times.renew_deadline / 2, .max_retries = 0});
}

void LeaderElector::Impl::OnAnswer(const Answer& answer) {
  if (answer.ok() && answer.body["metadata"]["resourceVersion"].IsString()) {
    return Step(election::Answered{answer.body});
  }
  ApiError error =
      answer.error.value_or(ErrorWithoutAnswer({.code = Code::kUnavailable, .message = "the answer is no Lease"}));
  bool only_absent = error.error.code == Code::kNotFound && state_.awaiting == election::Awaiting::kRead;
  if (!only_absent && options_.on_trouble) options_.on_trouble(error);
  Step(election::Failed{error});
}

void LeaderElector::Impl::Wait(bool jitter) {
  double factor = jitter ? 1 + kJitter * options_.random() : 1;
  loop_.After(std::chrono::floor<Duration>(options_.times.retry_period * factor),
              [weak = weak_from_this(), turn = ++turn_] {
                auto self = weak.lock();
                if (self && self->turn_ == turn) self->Step(election::Tick{});
              });
}

void LeaderElector::Impl::Release(std::function<void()> done) {
  released_.push_back(std::move(done));
  if (state_.role == election::Role::kStopped) {
    loop_.Post([weak = weak_from_this()] {
      if (auto self = weak.lock()) self->OnReleased();
    });
    return;
  }
  Step(election::Release{});
}

void LeaderElector::Impl::OnReleased() {
  ++turn_;
  client_.Cancel(std::exchange(ticket_, 0));
  for (auto& done : std::exchange(released_, {})) done();
}

void LeaderElector::Impl::Destroy() {
  gone_ = true;
  ++turn_;
  client_.Cancel(ticket_);
}

LeaderElector::LeaderElector(Loop& loop, Client& client, LeaseOptions options)
    : impl_(std::make_shared<Impl>(loop, client, std::move(options))) {}

LeaderElector::~LeaderElector() { impl_->Destroy(); }

void LeaderElector::Start() { impl_->Step(election::Start{}); }

bool LeaderElector::leading() const { return impl_->leading(); }

int64_t LeaderElector::epoch() const { return impl_->epoch(); }

const std::string& LeaderElector::holder() const { return impl_->holder(); }

void LeaderElector::Release(std::function<void()> done) { impl_->Release(std::move(done)); }

}  // namespace coreflow::kube
