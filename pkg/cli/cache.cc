#include <fmt/format.h>

#include "pkg/base/closest.h"
#include "pkg/cli/commands.h"
#include "pkg/cli/exit_code.h"
#include "pkg/cli/locate_run.h"
#include "pkg/cli/run_view.h"
#include "pkg/cli/run_watch.h"
#include "pkg/cli/table.h"
#include "pkg/json/write.h"

namespace coreflow::cli {

namespace {

using engine::CacheVerdict;
using Decision = CacheVerdict::Decision;

constexpr size_t kKeyShown = sizeof("v1:0123456789ab") - 1;

// What the cache said, and why, in a sentence.
std::string Why(const CacheVerdict& verdict) {
  switch (verdict.decision) {
    case Decision::kHit: return fmt::format("computed by {} in {} s", verdict.from, verdict.saved_seconds);
    case Decision::kMiss:
    case Decision::kNotCacheable: return verdict.because;
    case Decision::kRefreshed: return "cache.mode is Refresh";
  }
  return "";
}

json::Value AsJson(const StepView& step, const ItemView& item) {
  json::Object object = engine::ToJson(*item.cache).AsObject();
  object["step"] = step.name;
  if (item.index) object["index"] = *item.index;
  return object;
}

struct Explained {
  Table table{{"STEP", "ITEM", "CACHE", "KEY", "WHY"}};
  json::Array list = {};
};

void Add(const StepView& step, Explained& explained) {
  for (const ItemView& item : step.items) {
    if (!item.cache) continue;
    const std::string key = item.cache->key.substr(0, kKeyShown);
    explained.table.Add({step.name, item.index ? std::to_string(*item.index) : "-",
                         engine::DecisionName(item.cache->decision), key.empty() ? "-" : key,
                         OneLine(Why(*item.cache))});
    explained.list.push_back(AsJson(step, item));
  }
}

Result<int> Explain(Environment& environment, const Arguments& arguments) {
  TRY(LocatedRun located, LocateRun(environment, arguments, arguments.Word(1)));
  const auto& [session, run] = located;
  TRY(RunParts parts, ReadParts(*session, run));
  const RunView view = ViewOf(run.object, parts.records, parts.pods);
  const std::string name = arguments.Word(2);
  TRY_VOID(CheckStep(view, name));
  Explained explained;
  for (const StepView& step : view.steps) {
    if (name.empty() || step.name == name) Add(step, explained);
  }
  if (arguments.Text("output") == "json") {
    environment.out(json::WriteIndented(std::move(explained.list)) + "\n");
  } else if (explained.table.empty()) {
    environment.out(
        fmt::format("nothing of {}/{} was looked for in the cache; 'cache: {{mode: Auto}}' in a step asks "
                    "for it\n",
                    view.name, view.number));
  } else {
    environment.out(explained.table.Text());
  }
  return kDone;
}

Result<int> Cache(Environment& environment, const Arguments& arguments) {
  const std::string what = arguments.Word(0);
  if (what == "explain") return Explain(environment, arguments);
  environment.err(
      fmt::format("{}: there is no cache {}{}\n", environment.program, what, DidYouMean(what, {"explain"})));
  return kWrongUse;
}

}  // namespace

Command CacheCommand() {
  return {.name = "cache",
          .takes = "explain RUN [STEP]",
          .least = 2,
          .most = 3,
          .summary = "Says what the step cache answered for a run, and why.",
          .details =
              "Of each item of a step with a cache: Hit, and who computed it; Miss, and what has changed since the "
              "step's\nlast result; NotCacheable, and what is in the way.",
          .example =
              "coreflow cache explain word-count\n"
              "coreflow cache explain @latest train -o json",
          .flags = {{.name = "output",
                     .letter = 'o',
                     .kind = FlagKind::kText,
                     .placeholder = "FORMAT",
                     .help = "what to print",
                     .choices = {"text", "json"}}},
          .run = Cache};
}

}  // namespace coreflow::cli
