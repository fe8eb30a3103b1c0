#include "pkg/engine/stored_run.h"

#include "pkg/engine/accept.h"
#include "pkg/engine/item_key.h"
#include "pkg/engine/recorder.h"
#include "pkg/engine/status.h"

namespace coreflow::engine {

namespace {

constexpr int64_t kMostItems = 1'000'000;

void Load(const std::map<std::string, int32_t>& steps, const json::Value& stored, Progress& progress) {
  const auto item = FromRecordItem(stored);
  const auto step = item ? steps.find(item->step) : steps.end();
  if (step == steps.end()) return;
  const bool as_a_whole = !item->index && (progress.definition(step->second).HasItems() ||
                                           (item->result.attempts == 0 && !item->result.cache));
  if (as_a_whole) {
    progress.LoadSettled(step->second, item->result);
  } else {
    progress.Load({.step = step->second, .item = item->index.value_or(0)}, item->result);
  }
}

}  // namespace

Result<StoredRun> StoredRun::Read(const RunFacts& facts, const std::map<int32_t, json::Value>& records) {
  const auto first = records.find(0);
  if (first == records.end()) return Error{.code = Code::kInvalid, .message = "record 0 of the run is gone"};
  TRY(api::ResolvedRun pinned, ReadPinned(first->second));
  const graph::Compiled compiled = graph::Compile(std::move(pinned));
  if (!compiled.graph) return Error{.code = Code::kInvalid, .message = DescribeProblems(compiled.problems)};
  auto progress = std::make_unique<Progress>(compiled.graph, facts);
  std::map<std::string, int32_t> steps;
  for (int32_t i = 0; i < progress->steps(); ++i) steps[progress->definition(i).name] = i;
  for (const auto& [index, body] : records) {
    for (const json::Value& stored : body["results"].Elements()) Load(steps, stored, *progress);
  }
  progress->Advance();
  return StoredRun(std::move(progress), std::move(steps));
}

bool StoredRun::Ended(const std::string& step) const {
  const auto index = steps_.find(step);
  return index != steps_.end() && HasEnded(progress_->step(index->second).state);
}

const json::Value* StoredRun::ValueOf(const std::string& step, int64_t item) const {
  const auto index = steps_.find(step);
  if (index == steps_.end() || item < 0) return nullptr;
  const json::Array& values = progress_->step(index->second).values;
  return static_cast<size_t>(item) < values.size() ? &values[static_cast<size_t>(item)] : nullptr;
}

std::optional<StepKey> StoredRun::GivenTo(const std::string& step, int64_t item) const {
  const auto index = steps_.find(step);
  if (index == steps_.end() || item < 0 || item >= kMostItems) return std::nullopt;
  if (!progress_->step(index->second).decided) return std::nullopt;
  auto key = KeyOf(*progress_, {.step = index->second, .item = static_cast<int32_t>(item)});
  return key ? std::optional(*std::move(key)) : std::nullopt;
}

json::Value StoredRun::Outputs() const {
  auto outputs = RunOutputs(*progress_);
  return outputs ? *std::move(outputs) : json::Value();
}

}  // namespace coreflow::engine
