#include "pkg/engine/testing/player.h"

#include <algorithm>

namespace coreflow::engine {

namespace {

constexpr Duration kTick = Duration(10);
constexpr int kMaxRounds = 30'000;

void Consider(std::optional<Time>& earliest, std::optional<Time> time) {
  if (time && (!earliest || *time < *earliest)) earliest = time;
}

}  // namespace

bool Writes(const Action& action) {
  return !std::holds_alternative<WakeAt>(action) && !std::holds_alternative<EmitEvent>(action) &&
         !std::holds_alternative<LookUpPod>(action) && !std::holds_alternative<LookUpObject>(action) &&
         !std::holds_alternative<LookUpRun>(action) && !std::holds_alternative<LookUpCache>(action) &&
         !std::holds_alternative<LeaveCache>(action) && !std::holds_alternative<LoadOutputs>(action);
}

Player::Player(const Scenario& scenario)
    : Player(scenario, World(scenario.kind, scenario.spec, BehaviourOf(scenario))) {
  UserGoesOn();
  for (const Observation& observation : world_.Stored()) {
    told_.push_back(observation);
    owner_->Observe(observation);
  }
}

Player::Player(const Scenario& scenario, World world)
    : scenario_(scenario), world_(std::move(world)), events_(scenario.events.size()) {
  owner_ = std::make_unique<Owner>(scenario.kind, world_.object().namespace_name, world_.object().name,
                                   world_.object().uid, Term{.courier = world_.courier});
  world_.told = &told_;
  world_.warm = WarmOf(scenario);
  world_.quota_denies = [this](const PodView& pod) {
    auto plan = scenario_.plans.find(pod.step);
    return plan != scenario_.plans.end() && denied_[pod.name]++ < plan->second.denials;
  };
}

std::unique_ptr<Player> Player::Fork() const {
  std::unique_ptr<Player> fork(new Player(scenario_, world_));
  fork->owner_ = fork->world_.NewOwner();
  fork->events_ = events_;
  fork->log_read_ = log_read_;
  fork->started_ = started_;
  fork->ended_ = ended_;
  fork->denied_ = denied_;
  return fork;
}

void Player::Decide() {
  world_.Tell(*owner_);
  before_ = std::exchange(told_, {});
  decided_at_ = world_.now;
  actions_ = owner_->Decide(world_.now);
  wake_.reset();
  for (const Action& action : actions_) {
    if (const auto* wake = std::get_if<WakeAt>(&action)) Consider(wake_, wake->time);
  }
  ++rounds_;
}

bool Player::DecideAndApply() {
  Decide();
  bool busy = false;
  for (const Action& action : actions_) {
    if (std::holds_alternative<WakeAt>(action)) continue;
    busy = true;
    world_.Apply(*owner_, action);
  }
  return busy;
}

bool Player::Round() {
  bool busy = DecideAndApply();
  world_.LetPodsGoOn();
  busy = UserGoesOn() || busy;
  return PassTime(busy || world_.HasNews());
}

bool Player::CutRound(Dice& dice) {
  was_cut_ = true;
  Decide();
  Actions order = actions_;
  std::erase_if(order, [](const Action& action) { return std::holds_alternative<WakeAt>(action); });
  for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[dice.Below(i)]);
  const size_t done = dice.Below(order.size() + 1);
  for (size_t i = 0; i < done; ++i) world_.Apply(*owner_, order[i]);
  world_.LetPodsGoOn();
  UserGoesOn();
  if (dice.Percent(40)) BeDown(std::chrono::seconds(dice.Between(1, 30)));
  owner_ = world_.NewOwner({.settled_at = dice.Percent(30) ? world_.now + Tombstones::kLongestRequest : Time{}});
  told_.clear();
  return PassTime(true);
}

void Player::BeDown(Duration time) {
  const Time until = world_.now + time;
  for (auto next = world_.NextPodEvent(); next && *next <= until; next = world_.NextPodEvent()) {
    world_.now = std::max(world_.now + Duration(1), *next);
    world_.LetPodsGoOn();
    UserGoesOn();
  }
  world_.now = std::max(world_.now, until);
}

bool Player::Play() {
  while (rounds_ < kMaxRounds) {
    if (!Round()) return true;
  }
  return false;
}

void Player::Freeze(Duration time) {
  const Time until = world_.now + time;
  for (int i = 0; i < kMaxRounds; ++i) {
    const bool busy = DecideAndApply() || world_.HasNews();
    if (!busy && world_.now >= until) return;
    Time next = busy ? world_.now + kTick : std::max(world_.now + Duration(1), wake_.value_or(until));
    world_.now = std::max(world_.now, std::min(next, until));
  }
}

void Player::ReadLog() {
  const auto& log = world_.log();
  for (; log_read_ < log.size(); ++log_read_) {
    const WorldEvent& event = log[log_read_];
    const std::pair item(event.step, event.facts.item);
    if (event.what == WorldEvent::What::kStarted) started_.insert(item);
    if (event.what == WorldEvent::What::kEnded || event.what == WorldEvent::What::kRemoved) ended_.insert(item);
  }
}

bool Player::HasCome(const UserEvent& event) const {
  return event.step.empty() || (event.at_end ? ended_ : started_).contains({event.step, event.item});
}

bool Player::UserGoesOn() {
  ReadLog();
  bool acted = false;
  for (size_t i = 0; i < events_.size(); ++i) {
    const UserEvent& event = scenario_.events[i];
    Pending& pending = events_[i];
    if (!pending.done && HasCome(event)) {
      Do(event, false, world_);
      pending.done = true;
      if (Later(event) > Duration(0)) pending.after = world_.now + Later(event);
      acted = true;
    } else if (pending.after && *pending.after <= world_.now) {
      Do(event, true, world_);
      pending.after.reset();
      acted = true;
    }
  }
  return acted;
}

std::optional<Time> Player::NextEvent() const {
  std::optional<Time> next = world_.NextPodEvent();
  for (const Pending& pending : events_) Consider(next, pending.after);
  return next;
}

bool Player::PassTime(bool busy) {
  if (busy) {
    world_.now += kTick;
    return true;
  }
  std::optional<Time> next = NextEvent();
  Consider(next, wake_);
  if (!next) return false;
  world_.now = std::max(world_.now + Duration(1), *next);
  return true;
}

}  // namespace coreflow::engine
