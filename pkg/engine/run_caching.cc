// How the items of a run go through the step cache before their first attempt, and what they leave there.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "pkg/engine/cacheable.h"
#include "pkg/engine/contents.h"
#include "pkg/engine/filled_step.h"
#include "pkg/engine/item_key.h"
#include "pkg/engine/names.h"
#include "pkg/engine/outputs.h"
#include "pkg/engine/run.h"
#include "pkg/json/write.h"

namespace coreflow::engine {

namespace {

using Decision = CacheVerdict::Decision;

// What tells what a miss is explained against: the same item of the same step of the object, in any run.
std::string Nearest(const RunFacts& run, const graph::Step& step, int32_t item) {
  return fmt::format("{}/{}/{}", run.name, step.name, item);
}

// Anybody who can write to the store can have put it there.
bool FitsDeclared(const ItemResult& result, const graph::Step& step) {
  const bool artifacts = std::ranges::all_of(step.output_artifacts, [&](const graph::OutputArtifact& declared) {
    const auto kept = result.artifacts.find(declared.name);
    return kept == result.artifacts.end() ? declared.optional : kept->second.archive == declared.archive;
  });
  return artifacts && ParseLargeOutputs(json::Write(result.outputs), step.outputs).reason == api::Reason::kSucceeded;
}

ItemResult ResultOfHit(const CacheAnswered& answer) {
  ItemResult result{.state = State::kSucceeded,
                    .reason = api::Reason::kCacheHit,
                    .message = fmt::format("computed by {} in {} s", answer.verdict.from, answer.verdict.saved_seconds),
                    .exit_code = answer.result.exit_code,
                    .outputs = answer.result.outputs,
                    .artifacts = answer.result.artifacts,
                    .cache = answer.verdict};
  return result;
}

}  // namespace

// The first attempt's pod: no other item of the namespace ever has that name.
std::string Run::CacheName(ItemId id) const {
  const RunFacts& run = progress_.facts();
  return PodName(run.name, run.uid, run.number, progress_.definition(id.step).name, id.item, 1);
}

void Run::Start(ItemId id, Time now) {
  if (!LookUpInCache(id)) {
    if (barrier_.Open()) return Create(id, now);
    barrier_.HoldStart(id);
  }
  touched_.insert(id);
  starting_.insert(id);
}

void Run::StartHeld(Time now) {
  for (ItemId id : barrier_.TakeStarts()) {
    if (!starting_.contains(id)) continue;  // it has ended meanwhile
    if (AllRunning()) {
      GiveUpStart(id);
    } else if (progress_.MayRetry(id)) {
      starting_.erase(id);
      Create(id, now);
    } else {
      FinishCutOff(id, now);
    }
    SettleProgress(now);
  }
}

void Run::ForgetStart(ItemId id) {
  starting_.erase(id);
  looking_.erase(id);
}

// While the run is suspended nobody is to wait for what it does not compute.
void Run::GiveUpStarts() {
  barrier_.TakeAllStarts();
  for (ItemId id : std::set<ItemId>(starting_)) GiveUpStart(id);
}

// It is as if it had not been taken, and is looked up anew when it is taken again.
void Run::GiveUpStart(ItemId id) {
  ForgetStart(id);
  touched_.insert(id);
  Attempt& attempt = attempts_.at(id);
  if (attempt.last_result) {
    progress_.Retrying(id, attempt.last_result->reason, attempt.facts.attempt - 1);
    return progress_.Due(id);
  }
  LeaveCache(id, attempt, *out_);
  by_pod_.erase(attempt.pod_name);
  attempts_.erase(id);
  progress_.PutBack(id);
}

bool Run::LookUpInCache(ItemId id) {
  Attempt& attempt = attempts_.at(id);
  const graph::Step& step = progress_.definition(id.step);
  if (!step.cache || attempt.facts.attempt > 1 || attempt.facts.cache) return false;
  const auto filled = FillStep(progress_, id);
  if (!filled) return false;  // the pod can't be made either, and that says why
  if (auto why = WhyNotCacheable(*filled)) {
    attempt.facts.cache = {.decision = Decision::kNotCacheable, .because = *std::move(why)};
    return false;
  }
  std::vector<Content> contents = *ContentsOf(*filled);
  attempt.looking = true;
  attempt.remembered = !contents.empty();
  looking_.insert(id);
  out_->push_back(LookUpCache{.of = attempt.pod_name,
                              .key = KeyOf(*filled, step, id.item),
                              .contents = std::move(contents),
                              .nearest = Nearest(progress_.facts(), step, id.item),
                              .refresh = step.cache->refresh,
                              .max_age = step.cache->max_age});
  return true;
}

void Run::Observe(const CacheAnswered& answered) {
  auto it = by_pod_.find(answered.of);
  if (it == by_pod_.end()) return;
  Attempt& attempt = attempts_.at(it->second);
  if (!std::exchange(attempt.looking, false)) return;
  looking_.erase(it->second);
  attempt.answer = answered;
  dirty_.insert(it->second);
  ++changes_;
}

void Run::OnCacheAnswer(ItemId id, Time now) {
  Attempt& attempt = attempts_.at(id);
  const bool hit = attempt.answer->verdict.decision == Decision::kHit;
  if (hit && AwaitOutputs(id, attempt.answer->result.artifacts)) return;
  CacheAnswered answer = *std::exchange(attempt.answer, std::nullopt);
  const graph::Step& step = progress_.definition(id.step);
  if (hit && (!OutputsOfHit(answer, attempt, step) || !FitsDeclared(answer.result, step))) {
    answer.verdict = {.decision = Decision::kMiss,
                      .key = answer.verdict.key,
                      .because = "what is kept has other outputs than the step declares"};
  }
  attempt.facts.cache = answer.verdict;
  if (!progress_.MayRetry(id)) return FinishCutOff(id, now);
  if (answer.verdict.decision != Decision::kHit) return barrier_.HoldStart(id);
  barrier_.NoteHit(id);
  Finish(id, ResultOfHit(answer), now, true);
}

bool Run::AnnounceToCache(ItemId id, const Attempt& attempt) {
  const auto& verdict = attempt.facts.cache;
  if (!progress_.definition(id.step).cache || !verdict || verdict->decision != Decision::kMiss) return false;
  queued_.push_back(ComputeForCache{.of = CacheName(id), .key = verdict->key});
  return true;
}

void Run::LeaveCache(ItemId id, Attempt& attempt, Actions& actions) {
  const bool promised = attempt.facts.cache && attempt.facts.cache->decision == Decision::kMiss;
  if (!attempt.looking && !promised && !attempt.answer && !attempt.remembered) return;
  attempt.looking = false;
  attempt.remembered = false;
  attempt.answer.reset();
  looking_.erase(id);
  actions.push_back(engine::LeaveCache{.of = CacheName(id)});
}

void Run::LeaveOrKeep(ItemId id, Attempt& attempt, const ItemResult& result) {
  const graph::Step& step = progress_.definition(id.step);
  if (!step.cache) return;
  if (result.cache && result.cache->decision == Decision::kHit) return LeaveCache(id, attempt, *out_);
  const auto filled = FillStep(progress_, id);
  if (result.state != State::kSucceeded || !attempt.pod || !filled || WhyNotCacheable(*filled)) {
    return LeaveCache(id, attempt, *out_);
  }
  std::vector<Content> contents = *ContentsOf(*filled);
  // A pod that a former leader asked for may have begun before we looked, and been given something else.
  const bool asked_before = !attempt.pod->facts || attempt.pod->facts->cache != attempt.facts.cache;
  if (!contents.empty() && asked_before) return LeaveCache(id, attempt, *out_);
  const RunFacts& run = progress_.facts();
  out_->push_back(KeepInCache{.of = CacheName(id),
                              .key = KeyOf(*filled, step, id.item),
                              .contents = std::move(contents),
                              .nearest = Nearest(run, step, id.item),
                              .image_id = attempt.pod->image_id,
                              .run = fmt::format("{}/{}", run.name, run.number),
                              .result = result});
}

void Run::CountCache(const ItemResult& result) {
  if (!result.cache) return;
  if (result.cache->decision == Decision::kMiss) ++cache_counts_.misses;
  if (result.cache->decision != Decision::kHit) return;
  ++cache_counts_.hits;
  cache_counts_.seconds_saved += result.cache->saved_seconds;
}

// Of the items in a record that is stored: what waited for that goes on.
void Run::NoteStored(const json::Value& body) {
  if (unshown_.empty() && barrier_.Open()) return;
  const auto& steps = progress_.graph().by_name;
  for (const json::Value& item : body["results"].Elements()) {
    auto stored = FromRecordItem(item);
    const auto step = stored ? steps.find(stored->step) : steps.end();
    if (step == steps.end()) continue;
    const ItemId id{.step = step->second, .item = stored->index.value_or(0)};
    barrier_.OnStored(id);
    if (unshown_.erase(id) == 0) continue;
    progress_.Finish(id, stored->result);
    LoadStored(id, stored->result);
  }
}

}  // namespace coreflow::engine
