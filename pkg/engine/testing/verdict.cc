#include "pkg/engine/testing/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "pkg/engine/testing/ends.h"
#include "pkg/graph/scope.h"
#include "pkg/json/write.h"

namespace coreflow::engine {

namespace {

using api::RunAfter;
using json::Value;

// The states that a step may have ended in, as far as the records tell.
using States = std::set<std::string>;

bool Is(const States& states, const char* state) { return states.size() == 1 && states.contains(state); }

class Verdict {
 public:
  Verdict(const Player& player, int32_t run)
      : graph_(GraphOf(player.scenario())), run_(run), ends_(EndsOf(player.world(), run)) {
    for (const WorldEvent& event : player.world().log()) {
      if (event.what == WorldEvent::What::kCreated && event.facts.run == run) started_.insert(event.step);
      if (event.what == WorldEvent::What::kRemoved && event.facts.run == run) tampered_.insert(event.step);
      if (event.what != WorldEvent::What::kStatus || event.value["run"]["number"].IntOr(0) != run) continue;
      if (event.value["run"]["ending"].IsString()) ending_ = event.value["run"]["ending"].AsString();
      if (ending_ == "Graceful") was_graceful_ = true;
      if (result_.empty() && event.value["run"]["result"].IsString()) {
        result_ = event.value["run"]["result"].AsString();
        for (const Value& condition : event.value["conditions"].Elements()) {
          if (condition["type"].StringOr("") == "Succeeded") reason_ = condition["reason"].StringOr("");
        }
      }
    }
    for (const graph::Step& step : graph_->steps) states_.push_back(StatesOf(step));
    CheckReused(player.world());
  }

  std::string Read() {
    for (size_t i = 0; i < graph_->steps.size(); ++i) CheckStep(graph_->steps[i], states_[i]);
    CheckResult();
    return std::move(text_);
  }

 private:
  template <typename... Parts>
  void Wrong(fmt::format_string<Parts...> format, Parts&&... parts) {
    if (text_.size() < 2000)
      text_ += fmt::format("run {}: {}\n", run_, fmt::format(format, std::forward<Parts>(parts)...));
  }

  // What was taken from the run before is as if it had run: there it succeeded, with the same outputs.
  void CheckReused(const World& world) {
    const auto before = EndsOf(world, run_ - 1);
    auto plain = [](const Value& end) {
      json::Object members = end.Members();
      for (const char* name : {"reason", "index", "cache"}) members.erase(name);
      return Value(std::move(members));
    };
    for (const auto& [item, end] : ends_) {
      if (end["reason"].StringOr("") == "CacheHit") started_.insert(item.first);
      if (end["reason"].StringOr("") != "Reused") continue;
      started_.insert(item.first);
      const Value now = plain(end);
      const bool was_there = std::ranges::any_of(before, [&](const auto& one) { return plain(one.second) == now; });
      if (!was_there) Wrong("{}[{}] was not so in the run before: {}", item.first, item.second, json::Write(end));
    }
  }

  States StatesOf(const graph::Step& step) const {
    if (auto whole = ends_.find({step.name, -1}); whole != ends_.end()) return {whole->second["state"].StringOr("")};
    int32_t failed = 0;
    bool stopped = false, omitted = false;
    for (const auto& [item, end] : ends_) {
      if (item.first != step.name) continue;
      const std::string state = end["state"].StringOr("");
      if (state == "Failed") ++failed;
      if (state == "Stopped") stopped = true;
      if (state == "Omitted") omitted = true;
    }
    if (failed > step.max_failed_items) return {"Failed"};
    if (stopped) return {"Stopped"};
    if (omitted) return {"Omitted"};
    return {"Succeeded", "Omitted"};  // of items that never started there is no record
  }

  // Whether runAfter can have let the step start.
  bool MayHaveStarted(const graph::Step& step) const {
    auto good = [&](int parent) {
      const States& states = states_[static_cast<size_t>(parent)];
      return states.contains("Succeeded") ||
             (states.contains("Failed") && graph_->steps[static_cast<size_t>(parent)].continue_on_failure);
    };
    auto can_be = [&](const char* state) {
      return [this, state](int parent) { return states_[static_cast<size_t>(parent)].contains(state); };
    };
    switch (step.run_after) {
      case RunAfter::kFinished: return true;
      case RunAfter::kSucceeded: return std::ranges::all_of(step.parents, good);
      case RunAfter::kAnySucceeded:
        return step.parents.empty() || std::ranges::any_of(step.parents, can_be("Succeeded"));
      case RunAfter::kAllFailed: return std::ranges::all_of(step.parents, can_be("Failed"));
    }
    return false;
  }

  bool MustHaveStarted(const graph::Step& step) const {
    auto must_be = [&](const char* state) {
      return [this, state](int parent) { return Is(states_[static_cast<size_t>(parent)], state); };
    };
    if (step.run_after == RunAfter::kSucceeded || step.run_after == RunAfter::kAllFailed) {
      const char* state = step.run_after == RunAfter::kSucceeded ? "Succeeded" : "Failed";
      return std::ranges::all_of(step.parents, must_be(state));
    }
    if (step.run_after == RunAfter::kFinished || step.parents.empty()) return true;
    return std::ranges::any_of(step.parents, must_be("Succeeded"));
  }

  // The value of `when`, of the kinds that the generator makes and that can be told from specs and ends.
  std::optional<bool> WhenOf(const graph::Step& step) const {
    const auto index = static_cast<size_t>(&step - graph_->steps.data());
    const auto& run = graph_->source;
    const api::ResolvedStep& source = step.in_finally ? run.finally[index - run.steps.size()] : run.steps[index];
    if (!source.when) return std::nullopt;
    const std::string& when = *source.when;
    if (when == "true" || when == "false") return when == "true";
    if (when == "params.p > 2") return graph_->parameters.at("p").IntOr(0) > 2;
    for (size_t i = 0; i < graph_->steps.size(); ++i) {
      const graph::Step& read = graph_->steps[i];
      const std::string name = "steps." + graph::ExpressionName(read.name);
      if (when == name + ".status == 'Succeeded'" && states_[i].size() == 1) return Is(states_[i], "Succeeded");
      auto end = ends_.find({read.name, -1});
      if (when == name + ".outputs.n > 3" && end != ends_.end() && end->second["outputs"]["n"].IsInt()) {
        return end->second["outputs"]["n"].AsInt() > 3;
      }
    }
    return std::nullopt;
  }

  void CheckStep(const graph::Step& step, const States& states) {
    const bool started = started_.contains(step.name);
    if (started && WhenOf(step) == false) Wrong("{} started although its `when` is false", step.name);
    if (started && !MayHaveStarted(step)) Wrong("{} started although runAfter forbids it", step.name);
    auto whole = ends_.find({step.name, -1});
    if (whole == ends_.end()) {
      const bool has_item = std::ranges::any_of(ends_, [&](const auto& end) { return end.first.first == step.name; });
      if (!has_item && !step.HasItems()) Wrong("{} has no end", step.name);
      if (!has_item && started) Wrong("{} started but has no end", step.name);
      return;
    }
    if (tampered_.contains(step.name)) return;
    if (step.HasItems() && started) Wrong("{} started, but ends as a whole: {}", step.name, json::Write(whole->second));
    if (!started) CheckUnstarted(step, states, whole->second);
  }

  // Why a step never ran, by the table of the API.
  void CheckUnstarted(const graph::Step& step, const States& states, const Value& end) {
    const std::string reason = end["reason"].StringOr("");
    auto explain = [&](const char* state, bool plausible) {
      if (!Is(states, state) || !plausible) Wrong("{} can't have ended as {}", step.name, json::Write(end));
    };
    if (reason == "WhenFalse") {
      return explain("Skipped", step.when.has_value() && WhenOf(step) != true && MayHaveStarted(step));
    }
    if (reason == "ParentSkipped") return explain("Skipped", !MustHaveStarted(step));
    if (reason == "DependencyFailed") return explain("Omitted", !MustHaveStarted(step));
    if (reason == "RunAfterNotMet") {
      return explain(step.run_after == RunAfter::kAllFailed ? "Skipped" : "Omitted", !MustHaveStarted(step));
    }
    if (reason == "FailFast") return explain("Omitted", !step.in_finally && FailFastTripped());
    if (reason == "DeadlineExceeded") return Halted(step, end, ending_ == "Deadline");
    if (reason == "Superseded") return Halted(step, end, ending_ == "Superseded");
    if (reason == "Stopped") return Halted(step, end, was_graceful_ || ending_ == "Immediate");
    if (reason == "Succeeded") return explain("Succeeded", step.HasItems() && MayHaveStarted(step));
    if (reason == "ExpressionFailed") return explain("Failed", true);
    Wrong("{} never ran and gives no reason for it: {}", step.name, json::Write(end));
  }

  void Halted(const graph::Step& step, const Value& end, bool ending_fits) {
    const std::string state = end["state"].StringOr("");
    if ((state != "Omitted" && state != "Stopped") || !ending_fits || step.in_finally) {
      Wrong("{} can't have ended as {}; the run's ending is '{}'", step.name, json::Write(end), ending_);
    }
  }

  bool FailFastTripped() const { return graph_->source.fail_fast && CountingFailure(false); }

  // Whether a step failed that may not.
  bool CountingFailure(bool in_finally) const {
    for (size_t i = 0; i < states_.size(); ++i) {
      const graph::Step& step = graph_->steps[i];
      if (step.in_finally == in_finally && !step.continue_on_failure && states_[i].contains("Failed")) return true;
    }
    return false;
  }

  void CheckResult() {
    const bool failed = CountingFailure(false) || CountingFailure(true);
    if (result_ == "Succeeded" && failed) Wrong("it succeeded although a step failed");
    if (result_ == "Stopped" && ending_ != "Graceful" && ending_ != "Immediate" && ending_ != "Superseded") {
      Wrong("it is Stopped and its ending is '{}'", ending_);
    }
    if (result_ == "Failed" && !failed && reason_ != "DeadlineExceeded" && reason_ != "OutputsInvalid") {
      Wrong("it failed with {} although no step did", reason_);
    }
    if (reason_ == "DeadlineExceeded" && ending_ != "Deadline") Wrong("it says DeadlineExceeded");
    if (result_.empty()) Wrong("it has no result");
  }

  const std::shared_ptr<const graph::Graph> graph_;
  const int32_t run_;
  const Ends ends_;
  std::set<std::string> started_;
  std::set<std::string> tampered_;  // steps with a pod that was removed, finalizer and all: it may be as if never made
  std::vector<States> states_;
  std::string ending_;
  bool was_graceful_ = false;  // before it became another
  std::string result_;
  std::string reason_;
  std::string text_;
};

std::string LeftOver(const Player& player) {
  const World& world = player.world();
  const std::string cleanup = player.scenario().spec["podCleanup"].StringOr("OnSuccess");
  std::string text;
  for (const auto& [name, pod] : world.pods()) {
    const PodView& view = pod.view;
    std::string why;
    if (view.has_finalizer) why = "still has the finalizer";
    if (view.phase != "Succeeded" && view.phase != "Failed") why = "still runs";
    if (cleanup == "OnCompletion" || (cleanup == "OnSuccess" && view.done == "Succeeded"))
      why = "should be gone: podCleanup is " + cleanup;
    if (world.object_gone()) why = "should be gone with its owner";
    if (!why.empty()) text += fmt::format("pod {} of {} attempt {} {}\n", name, view.step, view.facts->attempt, why);
  }
  return text;
}

}  // namespace

std::string ViolationsAtRest(const Player& player) {
  const World& world = player.world();
  std::string text = LeftOver(player);
  if (world.object_gone()) return text;
  const std::string state = world.State();
  if (state != "Succeeded" && state != "Failed" && state != "Stopped")
    text += "it came to rest in state " + state + "\n";
  const int32_t last = LastRun(world);
  if (last < 1) text += "nothing ran\n";
  for (int32_t run = 1; run <= last; ++run) text += Verdict(player, run).Read();
  return text;
}

}  // namespace coreflow::engine
