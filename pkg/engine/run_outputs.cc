// How a run gets the outputs of its items that are large: a pod's status and a record name them only.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pkg/base/output_limits.h"
#include "pkg/engine/outputs.h"
#include "pkg/engine/run.h"

namespace coreflow::engine {

namespace {

using api::Reason;

// Of all items together: they are in memory for as long as the run lasts.
constexpr int64_t kMostLargeOutputs = int64_t{64} << 20;

const artifact::Artifact* LargeOutputs(const artifact::Artifacts& artifacts) {
  const auto found = artifacts.find(artifact::kOutputsArtifact);
  return found == artifacts.end() ? nullptr : &found->second;
}

// Anybody may have written what it says of its size.
int64_t BytesOf(const artifact::Artifact& large) { return std::min(large.bytes, static_cast<int64_t>(kMostOutputs)); }

Outcome Unfit(Outcome outcome, Reason reason, std::string message) {
  outcome.kind = Outcome::Kind::kFailure;
  outcome.reason = reason;
  outcome.message = std::move(message);
  return outcome;
}

}  // namespace

bool Run::AwaitOutputs(ItemId id, const artifact::Artifacts& artifacts) {
  const artifact::Artifact* large = LargeOutputs(artifacts);
  Attempt& attempt = attempts_.at(id);
  if (!large || (attempt.outputs && attempt.outputs->digest == large->digest)) return false;
  if (!std::exchange(attempt.loading, true)) Load(large->digest, id);
  return true;
}

void Run::Load(const std::string& digest, ItemId id) {
  std::set<ItemId>& wanted = loads_[digest];
  if (wanted.empty()) to_load_.push_back(digest);
  wanted.insert(id);
}

void Run::AskForOutputs() {
  for (std::string& digest : std::exchange(to_load_, {})) out_->push_back(engine::LoadOutputs{.digest = digest});
}

void Run::ForgetLoads() {
  loads_.clear();
  to_load_.clear();
  restoring_.clear();
}

Outcome Run::WithOutputs(ItemId id, Outcome outcome) {
  const artifact::Artifact* large = LargeOutputs(outcome.artifacts);
  if (!large || outcome.kind != Outcome::Kind::kSucceeded) return outcome;
  const OutputsLoaded& loaded = *attempts_.at(id).outputs;
  if (!loaded.problem.empty()) {
    outcome = Unfit(std::move(outcome), Reason::kArtifactFailed, "its outputs can't be read: " + loaded.problem);
    outcome.kind = Outcome::Kind::kInfrastructure;
    return outcome;
  }
  if (progress_.definition(id.step).outputs_are_read && large_bytes_ + BytesOf(*large) > kMostLargeOutputs) {
    return Unfit(std::move(outcome), Reason::kOutputsTooLarge,
                 fmt::format("with these outputs of {} bytes the run's large ones have more than {} bytes: leave them "
                             "as artifacts",
                             large->bytes, kMostLargeOutputs));
  }
  ParsedOutputs parsed = ParseLargeOutputs(loaded.text, progress_.definition(id.step).outputs);
  if (parsed.reason != Reason::kSucceeded) return Unfit(std::move(outcome), parsed.reason, std::move(parsed.message));
  outcome.outputs = std::move(parsed.values);
  return outcome;
}

bool Run::OutputsOfHit(CacheAnswered& answer, const Attempt& attempt, const graph::Step& step) const {
  if (!LargeOutputs(answer.result.artifacts)) return true;
  if (!attempt.outputs->problem.empty()) return false;
  ParsedOutputs parsed = ParseLargeOutputs(attempt.outputs->text, step.outputs);
  answer.result.outputs = std::move(parsed.values);
  return parsed.reason == Reason::kSucceeded;
}

bool Run::HasLargeOutputs(const ItemResult& result) const { return LargeOutputs(result.artifacts) != nullptr; }

// For when the result is stored.
void Run::KeepText(ItemId id, const Attempt& attempt, const ItemResult& result) {
  if (result.state != State::kSucceeded || !progress_.definition(id.step).outputs_are_read) return;
  if (!attempt.outputs || !LargeOutputs(result.artifacts)) return;
  texts_[id] = *attempt.outputs;
  large_bytes_ += BytesOf(*LargeOutputs(result.artifacts));
}

// Values that a record only names; nothing is decided before they are there.
void Run::LoadStored(ItemId id, const ItemResult& result) {
  const artifact::Artifact* large = LargeOutputs(result.artifacts);
  if (!large || result.state != State::kSucceeded || !progress_.definition(id.step).outputs_are_read) return;
  if (auto text = texts_.extract(id)) {
    if (text.mapped().digest == large->digest) return TakeStored(id, text.mapped());
  }
  large_bytes_ += BytesOf(*large);
  restoring_.insert(id);
  Load(large->digest, id);
}

void Run::TakeStored(ItemId id, const OutputsLoaded& loaded) {
  ParsedOutputs parsed = ParseLargeOutputs(loaded.text, progress_.definition(id.step).outputs);
  progress_.LoadOutputs(id, std::move(parsed.values), loaded.problem.empty() ? parsed.message : loaded.problem);
}

void Run::Observe(const OutputsLoaded& loaded) {
  auto node = loads_.extract(loaded.digest);
  if (node.empty()) return;
  ++changes_;
  for (ItemId id : node.mapped()) {
    if (auto it = attempts_.find(id); it != attempts_.end() && it->second.loading) {
      it->second.loading = false;
      it->second.outputs = loaded;
      dirty_.insert(id);
    } else if (restoring_.erase(id) > 0) {
      TakeStored(id, loaded);
    }
  }
}

}  // namespace coreflow::engine
