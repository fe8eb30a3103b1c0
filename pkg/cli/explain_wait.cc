#include "pkg/cli/explain_wait.h"

#include <fmt/format.h>

#include <algorithm>

#include "pkg/cli/ago.h"
#include "pkg/cli/step_table.h"

namespace coreflow::cli {

namespace {

using api::Reason;
using enum ItemState;

// How many times longer than its siblings an item takes before that is worth a word.
constexpr int kSlow = 3;

std::string ItemName(const StepView& step, const ItemView& item) {
  return item.index ? fmt::format("{}[{}]", step.name, *item.index) : step.name;
}

// The item that speaks for the step: the first in the step's own state.
const ItemView* Speaker(const StepView& step) {
  const auto found = std::ranges::find(step.items, step.state, &ItemView::state);
  return found == step.items.end() ? nullptr : &*found;
}

const engine::PodView* PodOf(const Facts& facts, const ItemView* item) {
  if (item == nullptr || item->pod.empty()) return nullptr;
  const auto found = std::ranges::find(facts.pods, item->pod, &engine::PodView::name);
  return found == facts.pods.end() ? nullptr : &*found;
}

std::string LogsOf(const Facts& facts, const StepView& step, const ItemView* item) {
  return fmt::format("logs {} {}{}", facts.view.name, item ? ItemName(step, *item) : step.name,
                     step.state == kRunning ? " -f" : "");
}

Duration Median(std::vector<Duration> spans) {
  std::ranges::nth_element(spans, spans.begin() + static_cast<std::ptrdiff_t>(spans.size() / 2));
  return spans[spans.size() / 2];
}

// How the item that runs compares with those of the step that have ended.
std::string Pace(const Facts& facts, const StepView& step, const ItemView& item) {
  std::vector<Duration> ended;
  for (const ItemView& other : step.items) {
    if (other.state == kSucceeded && other.start && other.end) ended.push_back(*other.end - *other.start);
  }
  if (!item.start || ended.size() < 3) return "";
  const Duration usual = Median(ended);
  const Duration taken = facts.now - *item.start;
  const bool slow = taken > usual * kSlow && taken - usual > std::chrono::seconds(10);
  return fmt::format("the {} items that succeeded took {} (median); {} has run for {}{}",
                     Thousands(static_cast<int64_t>(ended.size())), Short(usual), ItemName(step, item), Short(taken),
                     slow ? ": it is slow" : "");
}

void AddRunning(const Facts& facts, const StepView& step, Explanation& why) {
  const ItemView* item = Speaker(step);
  if (item == nullptr) return;
  for (const ItemView& other : step.items) {  // the one that has run longest
    if (other.state == kRunning && other.start && (!item->start || *other.start < *item->start)) item = &other;
  }
  why.message = fmt::format("attempt {} has run for {}", std::max<int64_t>(item->attempt, 1),
                            item->start ? Short(facts.now - *item->start) : "0s");
  if (step.has_items)
    why.message =
        fmt::format("{}: {}; the longest, {}: {}", step.name, StepDetail(step), ItemName(step, *item), why.message);
  if (const std::string pace = Pace(facts, step, *item); !pace.empty()) why.evidence.push_back(pace);
  if (const engine::PodView* pod = PodOf(facts, item)) {
    why.evidence.push_back(fmt::format("pod {} on node {}", pod->name, pod->node.empty() ? "none" : pod->node));
  }
  why.next.push_back(LogsOf(facts, step, item));
}

void AddWaiting(const Facts& facts, const StepView& step, Explanation& why) {
  const ItemView* item = Speaker(step);
  if (const engine::PodView* pod = PodOf(facts, item)) {
    if (pod->creation_time) {
      why.evidence.push_back(
          fmt::format("pod {} was created {} ago", pod->name, Short(facts.now - *pod->creation_time)));
    }
    why.next.push_back(fmt::format("kubectl describe pod -n {} {}", facts.view.ns, pod->name));
  }
  if (item && item->state == kRetrying) {
    why.evidence.push_back(fmt::format("attempt {} follows after the back-off", item->attempt));
  }
  for (size_t parent : item ? std::vector<size_t>() : step.parents) {
    const StepView& other = facts.view.steps[parent];
    if (!other.items.empty() && IsEnded(other.state)) continue;
    const std::string detail = StepDetail(other);
    why.evidence.push_back(
        fmt::format("{} is {}{}{}", other.name, json::EnumName(other.state), detail.empty() ? "" : ", ", detail));
  }
}

void AddFailure(const Facts& facts, const StepView& step, Explanation& why) {
  const ItemView* item = Speaker(step);
  if (item == nullptr) return;
  if (step.has_items) {
    why.message = fmt::format("{}; first {}: {}", StepDetail(step), ItemName(step, *item), item->message);
  }
  if (item->attempt > 1) why.evidence.push_back(fmt::format("it had {} attempts", item->attempt));
  if (item->exit_code && item->message.find("exit code") == std::string::npos) {
    why.evidence.push_back(fmt::format("exit code {}", *item->exit_code));
  }
  if (!item->node.empty()) why.evidence.push_back("it ran on node " + item->node);
  if (item->attempt > 0) why.next.push_back(LogsOf(facts, step, item));
  const bool some_succeeded = std::ranges::any_of(
      facts.view.steps, [](const StepView& other) { return other.Count(ItemState::kSucceeded) > 0; });
  why.next.push_back(fmt::format("{} {}", some_succeeded ? "retry" : "rerun", facts.view.name));
}

Reason ReasonNamed(const std::string& token) { return api::ParseReason(token).value_or(Reason::kPendingEvaluation); }

// What the table of reasons says to do, unless something closer is known.
void AddRemedy(Explanation& why) {
  const std::string_view remedy = api::Info(why.reason).remedy;
  if (why.reason == Reason::kCommandFailed) return;  // the logs are named already
  if (!remedy.empty()) why.next.insert(why.next.begin(), std::string(remedy));
}

// How this run compares with those before it.
void AddEarlierRuns(const Facts& facts, Explanation& why) {
  std::vector<Duration> spans;
  for (const json::Value& run : facts.object["status"]["previousRuns"].Elements()) {
    const auto start = ParseTime(run["startTime"].StringOr(""));
    const auto end = ParseTime(run["completionTime"].StringOr(""));
    if (start && end && run["result"].StringOr("") == "Succeeded") spans.push_back(*end - *start);
  }
  if (spans.empty()) return;
  const Duration usual = Median(spans);
  const Duration taken = facts.now - *facts.view.start;
  const std::string took = spans.size() == 1 ? fmt::format("the earlier run that succeeded took {}", Short(usual))
                                             : fmt::format("the {} earlier runs that succeeded took {} (median)",
                                                           spans.size(), Short(usual));
  why.evidence.push_back(took + (taken > usual * kSlow ? ": this one is slow" : ""));
}

// The step that a run waits for, or failed by.
const StepView* Decisive(const RunView& view) {
  const auto first = [&](auto holds) -> const StepView* {
    const auto found = std::ranges::find_if(view.steps, holds);
    return found == view.steps.end() ? nullptr : &*found;
  };
  if (view.over) return first([](const StepView& step) { return step.state == kFailed; });
  // What waits for something outside says more than what runs.
  const StepView* best = nullptr;
  for (const StepView& step : view.steps) {
    if (step.items.empty() || (step.state != kPending && step.state != kRetrying)) continue;
    const Reason reason = ReasonNamed(step.reason);
    if (!api::IsWaiting(reason)) continue;
    if (best == nullptr || api::MoreStructural(ReasonNamed(best->reason), reason) == reason) best = &step;
  }
  const StepView* running = first([](const StepView& step) { return step.state == kRunning; });
  return running != nullptr && (best == nullptr || !api::Info(ReasonNamed(best->reason)).alert) ? running : best;
}

}  // namespace

Explanation WhyStep(const Facts& facts, const StepView& step) {
  Explanation why{.subject = "step " + step.name,
                  .state = std::string(json::EnumName(step.state)),
                  .reason = ReasonNamed(step.reason),
                  .message = step.message};
  if (step.state == kRunning) why.reason = Reason::kRunning;
  switch (step.state) {
    case kRunning: AddRunning(facts, step, why); break;
    case kPending:
    case kRetrying: AddWaiting(facts, step, why); break;
    case kFailed: AddFailure(facts, step, why); break;
    case kSucceeded:
    case kSkipped:
    case kOmitted:
    case kStopped: break;
  }
  if (step.state == kSucceeded && step.start && step.end) {
    why.message = fmt::format("it took {}", Short(*step.end - *step.start));
  }
  if (step.state == kOmitted) {
    for (const StepView& other : facts.view.steps) {
      if (other.state == kFailed) why.evidence.push_back(fmt::format("{} failed: {}", other.name, StepDetail(other)));
    }
  }
  AddRemedy(why);
  return why;
}

Explanation WhyRun(const Facts& facts) {
  const RunView& view = facts.view;
  Explanation why{
      .subject = view.name, .state = view.state, .reason = ReasonNamed(view.reason), .message = view.message};
  const bool held = view.state == "Suspended";
  const StepView* step = held || why.reason == Reason::kInvalidSpec ? nullptr : Decisive(view);
  if (step != nullptr && view.state != "Succeeded") {
    const Explanation of_step = WhyStep(facts, *step);
    if (!view.over) why.reason = of_step.reason;
    why.message = fmt::format("step {} is {}{}{}", step->name, of_step.state, of_step.message.empty() ? "" : ": ",
                              of_step.message);
    if (view.over) why.message += fmt::format(" ({})", api::Token(of_step.reason));
    why.evidence = of_step.evidence;
    why.next = of_step.next;
  } else {
    AddRemedy(why);
  }
  if (held) why.next = {fmt::format("resume {}", view.name)};
  if (view.number == 0 && !held && why.reason == Reason::kPendingEvaluation) {
    const auto made = ParseTime(facts.object["metadata"]["creationTimestamp"].StringOr(""));
    why.message =
        fmt::format("CoreFlow has not looked at it yet; it was created {} ago", made ? Short(facts.now - *made) : "0s");
    why.next = {"doctor"};
  }
  if (view.state == "Succeeded") {
    why.message = view.start && view.end ? fmt::format("it took {}", Short(*view.end - *view.start)) : "";
  }
  if (!view.over && !view.progress.empty()) {
    why.evidence.insert(why.evidence.begin(),
                        fmt::format("{} items have ended{}", view.progress,
                                    view.start ? ", after " + Short(facts.now - *view.start) : ""));
  }
  if (!view.over && view.start) AddEarlierRuns(facts, why);
  for (const EventLine& event : facts.events) {
    // What the end of a run or step says is in the status.
    if (!event.warning || api::ParseReason(event.reason) || event.reason == "RunFailed") continue;
    why.evidence.push_back(
        fmt::format("event {}, {} ago: {}", event.reason, Short(facts.now - event.last), event.message));
  }
  return why;
}

}  // namespace coreflow::cli
