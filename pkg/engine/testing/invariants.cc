#include "pkg/engine/testing/invariants.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "pkg/engine/accept.h"
#include "pkg/json/write.h"

namespace coreflow::engine {

namespace {

using json::Value;
using What = WorldEvent::What;

constexpr size_t kMaxStatus = size_t{64} << 10;
constexpr size_t kMaxRecord = size_t{256} << 10;

// (run, step, item); item -1: the step as a whole.
using Key = std::tuple<int32_t, std::string, int32_t>;

struct Life {
  int32_t attempts = 0;
  bool open = false;      // its last pod has not ended
  bool tampered = false;  // somebody removed a pod, finalizer and all: nothing can tell that it was there
};

class History {
 public:
  History(const Scenario& scenario, bool was_cut)
      : scenario_(scenario),
        was_cut_(was_cut),
        graph_(GraphOf(scenario)),
        controls_(ControlsOf(scenario.kind, scenario.spec)) {
    for (size_t i = 0; i < graph_->steps.size(); ++i) index_[graph_->steps[i].name] = static_cast<int32_t>(i);
  }

  std::string Read(const std::vector<WorldEvent>& log) {
    for (const WorldEvent& event : log) See(event);
    return std::move(text_);
  }

 private:
  template <typename... Parts>
  void Wrong(const WorldEvent& event, fmt::format_string<Parts...> format, Parts&&... parts) {
    if (text_.size() > 2000) return;
    text_ += fmt::format("at {} {}/{} attempt {} (run {}): {}\n", event.time.time_since_epoch().count() % 10'000'000,
                         event.step, event.facts.item, event.facts.attempt, event.facts.run,
                         fmt::format(format, std::forward<Parts>(parts)...));
  }

  void See(const WorldEvent& event) {
    const Key key(event.facts.run, event.step, event.facts.item);
    switch (event.what) {
      case What::kCreated: return SeeCreated(event, key);
      case What::kStarted: return;
      case What::kRemoved: lives_[key].tampered = tampered_ = true; [[fallthrough]];
      case What::kEnded:
      case What::kGone:
        if (open_.erase(event.pod) > 0) lives_[key].open = false;
        return;
      case What::kReleased: return SeeReleased(event, key);
      case What::kHit: hits_[{event.facts.run, index_.at(event.step)}].insert(event.facts.item); return;
      case What::kRecorded: return SeeRecorded(event);
      case What::kStatus: return SeeStatus(event);
      case What::kEdited: controls_ = ControlsOf(scenario_.kind, event.value); return;
      case What::kDeleted: deleted_ = true; return;
    }
  }

  void SeeCreated(const WorldEvent& event, const Key& key) {
    Life& life = lives_[key];
    const int32_t index = index_.at(event.step);
    const graph::Step& step = graph_->steps[static_cast<size_t>(index)];
    if (event.facts.run != run_) Wrong(event, "created in run {}", run_);
    if (!names_.insert(event.pod).second && !life.tampered) Wrong(event, "created twice");
    if (event.facts.attempt != life.attempts + 1 && !life.tampered) Wrong(event, "follows attempt {}", life.attempts);
    if (life.open) Wrong(event, "created while the attempt before it goes on");
    if (recorded_.contains(key)) Wrong(event, "created although its end is recorded");
    life.attempts = event.facts.attempt;
    life.open = true;
    open_[event.pod] = {event.facts.run, index};
    CheckDependencies(event, index);
    CheckLimits(event, step, index);
    CheckHalts(event, step);
  }

  void CheckDependencies(const WorldEvent& event, int32_t index) {
    const graph::Step& step = graph_->steps[static_cast<size_t>(index)];
    if (!tampered_ && closed_.contains({event.facts.run, index}))
      Wrong(event, "created after what depends on it has started");
    std::set<int32_t> before(step.parents.begin(), step.parents.end());
    if (step.in_finally) {
      for (int32_t i = 0; i < graph_->first_finally; ++i) before.insert(i);
    }
    for (int32_t parent : before) closed_.insert({event.facts.run, parent});
    for (const auto& [pod, of] : open_) {
      if (of.first == event.facts.run && before.contains(of.second)) Wrong(event, "created while {} goes on", pod);
    }
    for (int32_t parent : before) CheckHitsAreStored(event, parent);
  }

  // Whoever looks again after a crash may not find them. One that comes while the run is being ended is not taken.
  void CheckHitsAreStored(const WorldEvent& event, int32_t parent) {
    if (!ending_.empty()) return;
    const graph::Step& step = graph_->steps[static_cast<size_t>(parent)];
    for (int32_t item : hits_[{event.facts.run, parent}]) {
      if (recorded_.contains({event.facts.run, step.name, step.HasItems() ? item : -1})) continue;
      if (recorded_.contains({event.facts.run, step.name, item})) continue;
      if (lives_[{event.facts.run, step.name, item}].attempts > 0) continue;  // it was no good, and not taken
      Wrong(event, "created although the hit of {}/{} is not stored", step.name, item);
    }
  }

  void CheckLimits(const WorldEvent& event, const graph::Step& step, int32_t index) {
    int64_t running = 0, of_step = 0;
    for (const auto& [pod, of] : open_) {
      if (of.first != event.facts.run) continue;
      ++running;
      if (of.second == index) ++of_step;
    }
    const int64_t limit = controls_.parallelism.value_or(INT64_MAX);
    if (running > limit) Wrong(event, "{} attempts run; parallelism is {}", running, limit);
    if (step.parallelism > 0 && of_step > step.parallelism)
      Wrong(event, "{} items run; forEach.parallelism is {}", of_step, step.parallelism);
    const AttemptFacts& facts = event.facts;
    if (facts.failures + facts.infrastructure_failures != facts.attempt - 1) {
      Wrong(event, "says {} failures and {} losses", facts.failures, facts.infrastructure_failures);
    }
    if (facts.failures > step.retry.limit) Wrong(event, "retryPolicy.limit is {}", step.retry.limit);
    if (facts.infrastructure_failures > step.retry.infrastructure_limit) {
      Wrong(event, "infrastructureLimit is {}", step.retry.infrastructure_limit);
    }
  }

  void CheckHalts(const WorldEvent& event, const graph::Step& step) {
    if (controls_.suspend) Wrong(event, "created while suspended");
    if (deleted_) return;
    if (step.in_finally) return;
    if (!ending_.empty()) Wrong(event, "created although the run is being stopped: {}", ending_);
    if (graph_->source.fail_fast && failed_.contains(event.facts.run)) Wrong(event, "created although a step failed");
  }

  void SeeReleased(const WorldEvent& event, const Key& key) {
    if (open_.contains(event.pod) && !deleted_) Wrong(event, "let go although it goes on");
    const Life& life = lives_[key];
    if (deleted_ || life.tampered || recorded_.contains(key) || life.attempts > event.facts.attempt) return;
    Wrong(event, "let go although neither its end nor a later attempt is stored");
  }

  void SeeRecorded(const WorldEvent& event) {
    const int32_t run = static_cast<int32_t>(event.value["run"].IntOr(0));
    if (json::Write(event.value).size() > kMaxRecord) Wrong(event, "the record is too large");
    for (const Value& item : event.value["results"].Elements()) {
      const std::string name = item["step"].StringOr("");
      const graph::Step& step = graph_->steps[static_cast<size_t>(index_.at(name))];
      const int32_t index = static_cast<int32_t>(item["index"].IntOr(-1));
      const bool single = !step.HasItems();
      if (!recorded_.insert({run, name, single ? 0 : index}).second) {
        Wrong(event, "{}[{}] of run {} is recorded twice, now as {}", name, index, run, json::Write(item));
      }
      const bool counts = !step.in_finally && !step.continue_on_failure && !step.completions;
      if (counts && item["state"].StringOr("") == "Failed") failed_.insert(run);
      const Life& life = lives_[{run, name, single ? 0 : index}];
      if (life.tampered) continue;
      if (life.open) Wrong(event, "{}[{}] is recorded while it goes on: {}", name, index, json::Write(item));
      if (item["attempts"].IntOr(0) < life.attempts)
        Wrong(event, "{} attempts were made of {}", life.attempts, json::Write(item));
    }
  }

  void SeeStatus(const WorldEvent& event) {
    const Value& run = event.value["run"];
    const int32_t number = static_cast<int32_t>(run["number"].IntOr(0));
    if (number < run_) Wrong(event, "the run's number goes back from {} to {}", run_, number);
    if (number > run_) {
      run_ = number;
      ending_.clear();
      result_.clear();
      progress_ = 0;
    }
    const std::string ending = run["ending"].StringOr("");
    const bool stays = ending_ == ending || ending_.empty() || (ending_ == "Graceful" && !ending.empty());
    if (!stays) Wrong(event, "the ending goes back from {} to {}", ending_, ending);
    ending_ = ending;
    const std::string result = run["result"].StringOr("");
    if (!result_.empty() && result != result_) Wrong(event, "the result changes from {} to {}", result_, result);
    result_ = result;
    if (json::Write(event.value).size() > kMaxStatus) Wrong(event, "the status is too large");
    int64_t ended = 0;
    for (const char* state : {"succeeded", "failed", "skipped", "omitted", "stopped"})
      ended += event.value["counts"][state].IntOr(0);
    // An end without a pod, of an expression say, is found again after a restart, but not at once.
    if (!was_cut_ && event.value.Find("counts") != nullptr && ended < progress_)
      Wrong(event, "progress goes back from {} to {}", progress_, ended);
    progress_ = std::max(progress_, ended);
  }

  const Scenario& scenario_;
  const bool was_cut_;
  const std::shared_ptr<const graph::Graph> graph_;
  api::RunControls controls_;
  std::map<std::string, int32_t> index_;
  std::map<Key, Life> lives_;
  std::map<std::string, std::pair<int32_t, int32_t>> open_;  // pods that have not ended: run and step
  std::set<std::pair<int32_t, int32_t>> closed_;             // (run, step): something that depends on it has started
  std::set<std::string> names_;
  std::map<std::pair<int32_t, int32_t>, std::set<int32_t>> hits_;  // items, by run and step
  std::set<Key> recorded_;
  std::set<int32_t> failed_;  // runs with a recorded failure that counts
  int32_t run_ = 0;
  std::string ending_;
  std::string result_;
  int64_t progress_ = 0;
  bool deleted_ = false;
  bool tampered_ = false;
  std::string text_;
};

}  // namespace

std::string Violations(const Player& player) {
  return History(player.scenario(), player.was_cut()).Read(player.world().log());
}

}  // namespace coreflow::engine
