#include "pkg/cli/run_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "pkg/api/reasons.h"
#include "pkg/base/closest.h"
#include "pkg/cli/format.h"
#include "pkg/cli/run_row.h"
#include "pkg/engine/accept.h"
#include "pkg/engine/names.h"
#include "pkg/engine/outcome.h"
#include "pkg/engine/pod_view.h"

namespace coreflow::cli {

namespace {

std::optional<Time> TimeOf(const json::Value& value) { return ParseTime(value.StringOr("")); }

ItemState StateNamed(const json::Value& value) {
  constexpr auto kNames = EnumNames(ItemState{});
  const auto* found = std::ranges::find(kNames, value.StringOr(""));
  return found == kNames.end() ? ItemState::kPending : static_cast<ItemState>(found - kNames.begin());
}

std::optional<int64_t> NumberOf(const json::Value& value) {
  return value.IsInt() ? std::optional(value.AsInt()) : std::nullopt;
}

// What status.steps and records have in common.
ItemView Read(const json::Value& item) {
  return {.index = NumberOf(item["index"]),
          .state = StateNamed(item["state"]),
          .reason = item["reason"].StringOr(""),
          .message = item["message"].StringOr(""),
          .attempt = std::max(item["attempt"].IntOr(0), item["attempts"].IntOr(0)),
          .pod = item["podName"].StringOr(""),
          .node = item["nodeName"].StringOr(""),
          .exit_code = NumberOf(item["exitCode"]),
          .outputs = item["outputs"],
          .artifacts = artifact::ReadArtifacts(item["artifacts"]),
          .usage = artifact::ReadUsage(item["usage"]),
          .start = TimeOf(item["startTime"]),
          .end = TimeOf(item["completionTime"]),
          .cache = engine::ReadCacheVerdict(item["cache"])};
}

ItemView OfPod(const engine::PodView& pod, bool has_items) {
  ItemView item{.attempt = pod.facts->attempt,
                .pod = pod.name,
                .node = pod.node,
                .start = pod.started_at,
                .cache = pod.facts->cache};
  if (has_items) item.index = pod.facts->item;
  if (pod.phase == "Succeeded") {
    item.state = ItemState::kSucceeded;
    item.reason = "Succeeded";
    item.end = pod.finished_at;
  } else if (pod.started_at) {
    item.state = ItemState::kRunning;
    item.reason = "Running";
  } else if (const auto waiting = engine::WhyWaiting(pod)) {
    item.reason = api::Token(waiting->reason);
    item.message = waiting->message;
  }
  return item;
}

class Viewer {
 public:
  Viewer(const json::Value& object, const std::vector<json::Value>& records, const std::vector<json::Value>& pods)
      : object_(object), records_(records), pods_(pods) {}

  RunView View() {
    const json::Value& status = object_["status"];
    const json::Value& succeeded = SucceededCondition(object_);
    view_ = {.kind = object_["kind"].StringOr(""),
             .ns = NamespaceOf(object_),
             .name = NameOf(object_),
             .number = status["run"]["number"].IntOr(0),
             .state = StateOf(object_),
             .reason = succeeded["reason"].StringOr("PendingEvaluation"),
             .message = succeeded["message"].StringOr(""),
             .progress = status["progress"].StringOr(""),
             .start = TimeOf(status["run"]["startTime"]),
             .end = TimeOf(status["run"]["completionTime"]),
             .over = IsOver(object_)};
    AddSteps();
    for (const json::Value& pod : pods_) AddPod(engine::ParsePod(pod));
    for (const json::Value& item : status["steps"].Elements()) Put(item["name"].StringOr(""), Read(item));
    for (const json::Value& record : records_) {
      if (!IsOurs(record)) continue;
      for (const json::Value& item : record["results"].Elements()) Put(item["step"].StringOr(""), Read(item));
    }
    for (StepView& step : view_.steps) SumUp(step);
    if (!view_.over) ExplainPending();
    return std::move(view_);
  }

 private:
  bool IsOurs(const json::Value& record) const {
    if (record["run"].IntOr(0) != view_.number) return false;
    const std::string uid = object_["metadata"]["uid"].StringOr("");
    return std::ranges::any_of(record["metadata"]["ownerReferences"].Elements(),
                               [&](const json::Value& owner) { return owner["uid"].StringOr("") == uid; });
  }

  std::shared_ptr<const graph::Graph> GraphOfRun() {
    for (const json::Value& record : records_) {
      if (!IsOurs(record) || record["index"].IntOr(-1) != 0) continue;
      for (const json::Value& argument : record["arguments"].Elements()) {
        view_.arguments.push_back({.name = argument["name"].StringOr(""), .value = argument["value"]});
      }
      if (auto graph = engine::CompilePinned({{0, record}})) return *graph;
    }
    const auto kind = view_.kind == "Job" ? engine::Kind::kJob : engine::Kind::kWorkflow;
    return engine::Accept(kind, object_["spec"], view_.name, view_.ns).graph;
  }

  void AddSteps() {
    if (auto graph = GraphOfRun()) {
      for (const graph::Step& step : graph->steps) {
        StepView& added = Add(step.name);
        added.in_finally = step.in_finally;
        added.has_items = step.items || step.completions.value_or(1) > 1;
        for (int parent : step.parents) added.parents.push_back(static_cast<size_t>(parent));
      }
      return;
    }
    // A spec with problems still has names.
    for (const json::Value& step : object_["spec"]["steps"].Elements()) Add(step["name"].StringOr("?"));
    for (const json::Value& step : object_["spec"]["finally"].Elements()) {
      Add(step["name"].StringOr("?")).in_finally = true;
    }
  }

  StepView& Add(const std::string& name) {
    at_.emplace(name, view_.steps.size());
    view_.steps.push_back({.name = name});
    return view_.steps.back();
  }

  void AddPod(const engine::PodView& pod) {
    const auto number = static_cast<int32_t>(view_.number);
    if (!pod.facts || pod.run_id != engine::RunId(object_["metadata"]["uid"].StringOr(""), number)) return;
    const auto at = at_.find(pod.step);
    if (at != at_.end()) Put(pod.step, OfPod(pod, view_.steps[at->second].has_items));
  }

  // What is told later wins; what it does not tell stays.
  void Put(const std::string& step, ItemView item) {
    auto at = at_.find(step);
    if (at == at_.end()) return;
    if (!view_.steps[at->second].has_items) item.index.reset();
    auto& known = items_[{at->second, item.index.value_or(-1)}];
    // A pod of an attempt before, or a status that is behind its pod.
    if (item.attempt < known.attempt) return;
    if (IsEnded(known.state) && !IsEnded(item.state) && item.attempt == known.attempt) return;
    if (item.pod.empty() && item.attempt == known.attempt) item.pod = known.pod;
    if (item.node.empty() && item.pod == known.pod) item.node = known.node;
    if (!item.start && item.attempt == known.attempt) item.start = known.start;
    if (!item.cache) item.cache = known.cache;
    known = std::move(item);
  }

  void SumUp(StepView& step) {
    const size_t number = static_cast<size_t>(&step - view_.steps.data());
    for (auto it = items_.lower_bound({number, -1}); it != items_.end() && it->first.first == number; ++it) {
      const ItemView& item = it->second;
      ++step.counts[static_cast<size_t>(item.state)];
      if (item.start && (!step.start || *item.start < *step.start)) step.start = item.start;
      if (item.end && (!step.end || *item.end > *step.end)) step.end = item.end;
      step.items.push_back(item);
    }
    using enum ItemState;
    constexpr std::array kOrder = {kRunning, kRetrying, kPending, kFailed, kStopped, kOmitted, kSkipped, kSucceeded};
    for (ItemState state : kOrder) {
      if (step.Count(state) == 0) continue;
      step.state = state;
      const auto item = std::ranges::find(step.items, state, &ItemView::state);
      step.reason = item->reason;
      step.message = item->message;
      break;
    }
    if (!IsEnded(step.state)) step.end.reset();
  }

  // What no attempt has been made of yet: CoreFlow says nothing of it, but it follows from the others.
  void ExplainPending() {
    for (StepView& step : view_.steps) {
      if (!step.items.empty()) continue;
      std::vector<std::string> unfinished;
      for (size_t parent : step.parents) {
        const StepView& other = view_.steps[parent];
        if (other.items.empty() || !IsEnded(other.state)) unfinished.push_back(other.name);
      }
      if (view_.state == "Suspended") {
        step.reason = api::Token(api::Reason::kSuspended);
        step.message = "nothing new starts before it is resumed";
      } else if (!unfinished.empty()) {
        step.reason = api::Token(api::Reason::kDependenciesRunning);
        step.message =
            fmt::format("waits for {} of {}: {}", unfinished.size(), step.parents.size(), fmt::join(unfinished, ", "));
      } else if (step.in_finally) {
        step.reason = api::Token(api::Reason::kDependenciesRunning);
        step.message = "waits for the end of the other steps";
      } else {
        step.reason = api::Token(api::Reason::kPendingEvaluation);
      }
    }
  }

  const json::Value& object_;
  const std::vector<json::Value>& records_;
  const std::vector<json::Value>& pods_;
  RunView view_;
  std::map<std::string, size_t> at_;                      // steps by name
  std::map<std::pair<size_t, int64_t>, ItemView> items_;  // by step and index
};

}  // namespace

const StepView* RunView::Find(std::string_view step) const {
  const auto found = std::ranges::find(steps, step, &StepView::name);
  return found == steps.end() ? nullptr : &*found;
}

Result<void> CheckStep(const RunView& view, const std::string& named) {
  if (named.empty() || view.Find(named) != nullptr) return {};
  std::vector<std::string_view> names;
  for (const StepView& known : view.steps) names.emplace_back(known.name);
  return Error{.code = Code::kNotFound,
               .message = fmt::format("{} has no step {}{}", view.name, named, DidYouMean(named, names))};
}

RunView ViewOf(const json::Value& object, const std::vector<json::Value>& records,
               const std::vector<json::Value>& pods) {
  return Viewer(object, records, pods).View();
}

bool IsEnded(ItemState state) { return state >= ItemState::kSucceeded; }

bool IsOver(const json::Value& object) {
  const json::Value& status = object["status"];
  const std::string state = status["state"].StringOr("");
  if (state != "Succeeded" && state != "Failed" && state != "Stopped") return false;
  if (status["observedGeneration"].IntOr(0) != object["metadata"]["generation"].IntOr(0)) return false;
  // A spec with problems starts no run, whatever was asked for.
  if (SucceededCondition(object)["reason"].StringOr("") == "InvalidSpec") return true;
  const std::string wanted = object["metadata"]["annotations"][kRunRequestedAt].StringOr("");
  return wanted.empty() || wanted.substr(0, 64) == status["run"]["requestedAt"].StringOr("");
}

}  // namespace coreflow::cli
