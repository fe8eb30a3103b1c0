#include "pkg/engine/reuse.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "pkg/engine/accept.h"
#include "pkg/engine/item_key.h"
#include "pkg/engine/outputs.h"

namespace coreflow::engine {

namespace {

constexpr size_t kDifferencesTold = 3;

std::string InWords(std::vector<std::string> differences) {
  if (differences.size() > kDifferencesTold) {
    const size_t rest = differences.size() - (kDifferencesTold - 1);
    differences.resize(kDifferencesTold - 1);
    differences.push_back(fmt::format("{} more", rest));
  }
  return fmt::format("{}", fmt::join(differences, ", "));
}

class Planner {
 public:
  Planner(const std::shared_ptr<const graph::Graph>& graph, const RunFacts& facts, const EarlierRun& earlier,
          const std::set<std::string>& again)
      : progress_(graph, facts), earlier_(earlier), again_(again) {}

  Reuse Plan() {
    for (int32_t i = 0; i < progress_.steps(); ++i) plan_.steps.push_back({.step = progress_.definition(i).name});
    while (true) {
      progress_.Advance();
      const auto step = Next();
      if (!step) break;
      if (!progress_.definition(*step).in_finally) TakeItems(*step);
    }
    for (int32_t i = 0; i < progress_.steps(); ++i) Tell(i);
    return std::move(plan_);
  }

 private:
  std::optional<int32_t> Next() {
    for (const int32_t step : progress_.active()) {
      if (seen_.insert(step).second) return step;
    }
    return std::nullopt;
  }

  StepReuse& Of(int32_t step) { return plan_.steps[static_cast<size_t>(step)]; }

  void TakeItems(int32_t index) {
    if (again_.contains(progress_.definition(index).name)) {
      Of(index).because = "it was asked for";
      return;
    }
    const int32_t total = progress_.step(index).total;
    for (int32_t item = 0; item < total; ++item) Take({.step = index, .item = item});
  }

  void Take(ItemId id) {
    const graph::Step& step = progress_.definition(id.step);
    const auto key = KeyOf(progress_, id);
    const ItemResult* result = key ? earlier_.Find(step.name, *key) : nullptr;
    if (!result) {
      std::string& because = Of(id.step).because;
      if (because.empty()) because = key ? earlier_.WhyNone(step.name, id.item, *key) : key.error().message;
      return;
    }
    progress_.Load(id, *result);
    ++Of(id.step).reused;
    plan_.taken.push_back(
        {.step = step.name, .index = step.HasItems() ? std::optional(id.item) : std::nullopt, .result = *result});
  }

  void Tell(int32_t index) {
    const Progress::Step& step = progress_.step(index);
    const graph::Step& definition = progress_.definition(index);
    StepReuse& told = Of(index);
    if (HasEnded(step.state)) return;
    if (step.decided) {
      told.to_run = step.total - told.reused;
    } else {
      told.to_run = definition.items ? std::nullopt : std::optional(step.total);
    }
    if (definition.in_finally) told.because = "it is in finally";
    if (told.because.empty()) told.because = "it comes after " + FirstToRun(definition);
  }

  // Which of the steps that it comes after is to run; they stand before it or are told of only by their state.
  std::string FirstToRun(const graph::Step& definition) const {
    for (const int parent : definition.parents) {
      if (!HasEnded(progress_.step(parent).state)) return progress_.definition(parent).name;
    }
    return "others";
  }

  Progress progress_;
  const EarlierRun& earlier_;
  const std::set<std::string>& again_;
  std::set<int32_t> seen_;
  Reuse plan_;
};

// Gives the item its large outputs; false: they are not among `outputs`.
bool FillIn(ItemResult& result, const graph::Step& step, const std::map<std::string, std::string>& outputs) {
  const auto large = result.artifacts.find(artifact::kOutputsArtifact);
  if (large == result.artifacts.end()) return true;
  const auto text = outputs.find(large->second.digest);
  if (text == outputs.end()) return false;
  result.outputs = ParseLargeOutputs(text->second, step.outputs).values;
  return true;
}

}  // namespace

Result<EarlierRun> EarlierRun::Read(const RunFacts& facts, const std::map<int32_t, json::Value>& records,
                                    const std::map<std::string, std::string>& outputs) {
  TRY(const std::shared_ptr<const graph::Graph> graph, CompilePinned(records));
  EarlierRun run(std::make_unique<Progress>(graph, facts));
  Progress& progress = *run.progress_;
  std::vector<std::pair<ItemId, ItemResult>> succeeded;
  for (const auto& [index, body] : records) {
    for (const json::Value& stored : body["results"].Elements()) {
      auto item = FromRecordItem(stored);
      const auto step = item ? graph->by_name.find(item->step) : graph->by_name.end();
      // What had no attempt ended as a whole, without items.
      if (step == graph->by_name.end() || item->result.state != State::kSucceeded || item->result.attempts == 0)
        continue;
      const ItemId id{.step = step->second, .item = item->index.value_or(0)};
      if (!FillIn(item->result, progress.definition(id.step), outputs)) {
        run.lacks_outputs_.insert(item->step);
        continue;
      }
      progress.Load(id, item->result);
      succeeded.emplace_back(id, std::move(item->result));
    }
  }
  progress.Advance();
  for (auto& [id, result] : succeeded) {
    if (!progress.step(id.step).decided) continue;
    if (auto key = KeyOf(progress, id)) {
      run.results_[progress.definition(id.step).name].try_emplace(DigestOf(*key), std::move(result));
    }
  }
  return run;
}

const ItemResult* EarlierRun::Find(const std::string& step, const StepKey& key) const {
  auto results = results_.find(step);
  if (results == results_.end()) return nullptr;
  auto result = results->second.find(DigestOf(key));
  return result == results->second.end() ? nullptr : &result->second;
}

std::string EarlierRun::WhyNone(const std::string& step, int32_t item, const StepKey& key) const {
  const auto index = progress_->graph().by_name.find(step);
  if (index == progress_->graph().by_name.end()) return "it is new";
  if (lacks_outputs_.contains(step)) return "its large outputs are not at hand";
  const Progress::Step& before = progress_->step(index->second);
  if (!before.decided) return "it did not start";
  const ItemId id{.step = index->second, .item = std::min(item, before.total - 1)};
  const auto its_key = KeyOf(*progress_, id);
  if (!its_key) return "it did not start";
  const std::vector<std::string> differences = Differences(*its_key, key);
  return differences.empty() ? "it did not succeed" : InWords(differences);
}

Reuse PlanReuse(const std::shared_ptr<const graph::Graph>& graph, const RunFacts& facts, const EarlierRun& earlier,
                const std::set<std::string>& again) {
  return Planner(graph, facts, earlier, again).Plan();
}

}  // namespace coreflow::engine
