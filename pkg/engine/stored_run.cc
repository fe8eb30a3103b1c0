#include "pkg/engine/stored_run.h"

#include "pkg/engine/accept.h"
#include "pkg/engine/item_key.h"
#include "pkg/engine/recorder.h"
#include "pkg/engine/status.h"

namespace coreflow::engine {

namespace {

constexpr int64_t kMostItems = 1'000'000;

void Load(const json::Value& stored, Progress& progress) {
  const auto item = FromRecordItem(stored);
  const auto& steps = progress.graph().by_name;
  const auto step = item ? steps.find(item->step) : steps.end();
  if (step == steps.end()) return;
  if (EndedAsAWhole(*item, progress.definition(step->second))) {
    progress.LoadSettled(step->second, item->result);
  } else {
    progress.Load({.step = step->second, .item = item->index.value_or(0)}, item->result);
  }
}

}  // namespace

Result<StoredRun> StoredRun::Read(const RunFacts& facts, const std::map<int32_t, json::Value>& records) {
  TRY(const std::shared_ptr<const graph::Graph> graph, CompilePinned(records));
  auto progress = std::make_unique<Progress>(graph, facts);
  for (const auto& [index, body] : records) {
    for (const json::Value& stored : body["results"].Elements()) Load(stored, *progress);
  }
  progress->Advance();
  return StoredRun(std::move(progress));
}

std::optional<int32_t> StoredRun::IndexOf(const std::string& step) const {
  const auto& steps = progress_->graph().by_name;
  const auto index = steps.find(step);
  return index == steps.end() ? std::nullopt : std::optional(index->second);
}

bool StoredRun::Ended(const std::string& step) const {
  const auto index = IndexOf(step);
  return index && HasEnded(progress_->step(*index).state);
}

const json::Value* StoredRun::ValueOf(const std::string& step, int64_t item) const {
  const auto index = IndexOf(step);
  if (!index || item < 0) return nullptr;
  const json::Array& values = progress_->step(*index).values;
  return static_cast<size_t>(item) < values.size() ? &values[static_cast<size_t>(item)] : nullptr;
}

std::optional<StepKey> StoredRun::GivenTo(const std::string& step, int64_t item) const {
  const auto index = IndexOf(step);
  if (!index || item < 0 || item >= kMostItems) return std::nullopt;
  if (!progress_->step(*index).decided) return std::nullopt;
  auto key = KeyOf(*progress_, {.step = *index, .item = static_cast<int32_t>(item)});
  return key ? std::optional(*std::move(key)) : std::nullopt;
}

json::Value StoredRun::Outputs() const {
  auto outputs = RunOutputs(*progress_);
  return outputs ? *std::move(outputs) : json::Value();
}

}  // namespace coreflow::engine
