#include "controllers/runs/reports.h"

#include <utility>

#include "controllers/runs/run_class.h"
#include "controllers/runs/run_events.h"
#include "controllers/runs/run_spans.h"
#include "pkg/engine/recorder.h"

namespace coreflow::runs {

namespace {

// Going through the attempts of a large run costs, so that is done so often and no more.
constexpr Duration kLookInterval = std::chrono::milliseconds(500);
constexpr size_t kSmall = 500;

// As the status has it: what the engine thinks of by now may be the next run.
std::string MessageOf(const engine::Owner& owner) {
  if (owner.object() == nullptr) return "";
  for (const json::Value& condition : owner.object()->status["conditions"].Elements()) {
    if (condition["type"] == json::Value("Succeeded") && condition["reason"] == json::Value(owner.info().reason)) {
      return condition["message"].StringOr("");
    }
  }
  return "";
}

}  // namespace

void Reports::Decided(const engine::Owner& owner, Time now) {
  if (!options_.on_span && !options_.on_event) return;
  if (owner.info().result.empty()) return Follow(owner, now);
  const auto it = runs_.find(owner.uid());
  if (it == runs_.end()) return;
  if (it->second.run.number == owner.info().number) TellEnd(owner, it->second.run);
  runs_.erase(it);
}

void Reports::Follow(const engine::Owner& owner, Time now) {
  if (owner.run() == nullptr) return;
  const engine::RunFacts& facts = owner.run()->progress().facts();
  Followed& followed = runs_[owner.uid()];
  if (followed.run.number != facts.number) {
    followed = {
        .run = {
            .object = {.kind = owner.kind(), .ns = owner.namespace_name(), .name = owner.name(), .uid = owner.uid()},
            .number = facts.number,
            .start_time = facts.start_time,
            .trace = facts.trace}};
  }
  if (WantsSpans(followed.run)) TellFollowed(*owner.run(), followed, now);
}

void Reports::TellFollowed(const engine::Run& run, Followed& followed, Time now) {
  const bool small = run.attempts().size() <= kSmall;
  if (run.changes() == followed.changes || (!small && now < followed.looked_at + kLookInterval)) return;
  followed.changes = run.changes();
  followed.looked_at = now;
  for (const auto& [id, attempt] : run.attempts()) {
    const bool goes_on = attempt.asked || attempt.pod;  // else what failed may become the item's result
    if (!attempt.last_result || !goes_on) continue;
    int32_t& told = followed.told[id];
    if (attempt.last_result->attempts <= told) continue;
    told = attempt.last_result->attempts;
    const graph::Step& step = run.progress().definition(id.step);
    options_.on_span(SpanOfItem(followed.run,
                                {.step = step.name,
                                 .index = step.HasItems() ? std::optional(id.item) : std::nullopt,
                                 .result = *attempt.last_result},
                                now));
  }
}

void Reports::TellEnd(const engine::Owner& owner, const ReportedRun& run) {
  const engine::RunInfo& info = owner.info();
  const RunEnd end{.state = info.result,
                   .reason = info.reason,
                   .message = MessageOf(owner),
                   .cls = ClassOf(owner),
                   .time = info.completion_time.value_or(run.start_time)};
  if (WantsSpans(run)) options_.on_span(SpanOfRun(run, end));
  if (options_.on_event) options_.on_event(RunEnded(run, end));
}

void Reports::Recorded(const std::string& uid, const engine::RecordSeen& record, Time now) {
  const auto it = runs_.find(uid);
  if (it == runs_.end() || it->second.run.number != record.run || record.index == 0) return;
  const ReportedRun& run = it->second.run;
  for (const json::Value& value : record.body["results"].Elements()) {
    const auto item = engine::FromRecordItem(value);
    if (!item) continue;
    if (WantsSpans(run)) options_.on_span(SpanOfItem(run, *item, now));
    if (options_.on_event) options_.on_event(StepEnded(run, *item, now));
  }
}

}  // namespace coreflow::runs
