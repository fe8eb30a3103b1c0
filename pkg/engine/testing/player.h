#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "pkg/base/dice.h"
#include "pkg/engine/testing/scenario.h"
#include "pkg/engine/testing/world.h"

namespace coreflow::engine {

// Plays a scenario: one engine, one world, and the user who acts when his events come. Round by round, so that a test
// can look, or interfere, in between.
class Player {
 public:
  explicit Player(const Scenario& scenario);
  Player(const Player&) = delete;  // its world points here
  Player& operator=(const Player&) = delete;
  // The same world from here on, with an engine that is made anew from what is stored. For the same scenario.
  std::unique_ptr<Player> Fork() const;

  // One round: tell, decide, do what was decided, let pods and the user go on; time passes to when something happens
  // next. False when nothing will ever happen.
  bool Round();
  // The same, but the engine dies in the middle: some of the actions are done, in any order, and a new engine is
  // made.
  bool CutRound(Dice& dice);
  // Rounds to the end. Gives whether there was one.
  bool Play();

  // Pods and user stand still while the engine works for this long.
  void Freeze(Duration time);

  World& world() { return world_; }
  const World& world() const { return world_; }
  Owner& owner() { return *owner_; }
  const Scenario& scenario() const { return scenario_; }
  // Of the last round: what the engine was told before it decided, when, and what it wanted.
  const std::vector<Observation>& told() const { return before_; }
  Time decided_at() const { return decided_at_; }
  const Actions& actions() const { return actions_; }
  int rounds() const { return rounds_; }
  bool was_cut() const { return was_cut_; }

 private:
  struct Pending {
    bool done = false;
    std::optional<Time> after;  // when its second part comes
  };

  Player(const Scenario& scenario, World world);
  void Decide();
  bool DecideAndApply();
  bool UserGoesOn();
  bool HasCome(const UserEvent& event) const;
  void ReadLog();
  std::optional<Time> NextEvent() const;
  bool PassTime(bool busy);
  void BeDown(Duration time);

  const Scenario& scenario_;
  World world_;
  std::unique_ptr<Owner> owner_;
  std::vector<Pending> events_;
  size_t log_read_ = 0;
  std::set<std::pair<std::string, int32_t>> started_;
  std::set<std::pair<std::string, int32_t>> ended_;
  std::map<std::string, int32_t> denied_;  // by pod: how often
  std::optional<Time> wake_;
  std::vector<Observation> told_;    // since the last decision
  std::vector<Observation> before_;  // what the last decision was about
  Actions actions_;
  Time decided_at_ = {};
  int rounds_ = 0;
  bool was_cut_ = false;
};

// Whether the action would change something that is stored.
bool Writes(const Action& action);

}  // namespace coreflow::engine
