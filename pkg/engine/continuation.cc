#include "pkg/engine/continuation.h"

#include <set>
#include <utility>

#include "pkg/engine/accept.h"
#include "pkg/json/bind.h"
#include "pkg/json/parse.h"

namespace coreflow::engine {

namespace {

api::RetryFrom PinnedRetryFrom(const json::Value& record) {
  return json::Bind<api::RetryFrom>(record["retryFrom"]).value;
}

RunFacts FactsOf(const RunLookedUp& run, const RunFacts& of_the_new_one) {
  return {.name = run.asked.object,
          .namespace_name = of_the_new_one.namespace_name,
          .uid = run.uid,
          .number = run.number,
          .creation_time = run.creation_time};
}

}  // namespace

Result<std::optional<api::RetryFrom>> RequestedRetryFrom(const ObjectView& object) {
  if (object.retry_from.empty()) return std::optional<api::RetryFrom>();
  auto annotation = json::Parse(object.retry_from);
  if (!annotation) return Error{.code = Code::kInvalid, .message = annotation.error().message};
  json::Bound<api::RetryFrom> from = json::Bind<api::RetryFrom>(*annotation, json::UnknownFields::kIgnore, "");
  if (!from.problems.empty()) return Error{.code = Code::kInvalid, .message = DescribeProblems(from.problems)};
  if (!api::ParseRunName(from.value.run)) return Error{.code = Code::kInvalid, .message = "run must be NAME/NUMBER"};
  if ((*annotation)["requestedAt"].StringOr("") != object.run_requested_at) return std::optional<api::RetryFrom>();
  return std::optional(std::move(from.value));
}

void Continuation::Observe(const RunLookedUp& answer) {
  if (asked_ == answer.asked) answer_ = answer;
}

std::optional<Continuation::Found> Continuation::LookUp(const api::RunName& run, Actions& actions) {
  const bool same = answer_ && api::RunName{.object = answer_->asked.object, .number = answer_->number} == run;
  if (asked_ != run && !same) {
    asked_ = run;
    answer_.reset();
    actions.push_back(LookUpRun{.run = run});
  }
  if (!answer_) return std::nullopt;
  return Found{.problem = answer_->problem, .run = {.object = answer_->asked.object, .number = answer_->number}};
}

bool Continuation::Store(const std::map<int32_t, json::Value>& records, const RunFacts& facts, Time now,
                         Actions& actions) {
  const auto run = api::ParseRunName(PinnedRetryFrom(records.at(0)).run);
  if (!run || !LookUp(*run, actions)) return !run;
  if (!recorder_) recorder_ = Plan(records, facts, now);
  if (!recorder_) return true;
  for (const auto& [index, body] : records) {
    if (index > 0) recorder_->OnStored(index, body);
  }
  if (auto record = recorder_->Flush(now, true)) actions.push_back(*std::move(record));
  return recorder_->AllStored();
}

// Nothing, when one of the two runs can't be read: the earlier one may be gone since, and the new one says it itself.
std::unique_ptr<Recorder> Continuation::Plan(const std::map<int32_t, json::Value>& records, const RunFacts& facts,
                                             Time now) const {
  const auto graph = CompilePinned(records);
  auto earlier = EarlierRun::Read(FactsOf(*answer_, facts), answer_->records, answer_->outputs);
  if (!graph || !earlier) return nullptr;
  const std::vector<std::string> again = PinnedRetryFrom(records.at(0)).steps;
  auto recorder = std::make_unique<Recorder>(facts.name, facts.uid, facts.number);
  for (RecordItem& item : PlanReuse(*graph, facts, *earlier, {again.begin(), again.end()}).taken) {
    item.result.reason = api::Reason::kReused;
    item.result.cache.reset();
    recorder->Add(item.step, item.index, item.result, {}, now);
  }
  return recorder;
}

}  // namespace coreflow::engine
