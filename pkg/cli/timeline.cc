#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "pkg/cli/ago.h"
#include "pkg/cli/commands.h"
#include "pkg/cli/find_run.h"
#include "pkg/cli/run_view.h"
#include "pkg/cli/run_watch.h"
#include "pkg/cli/table.h"
#include "pkg/json/write.h"

namespace coreflow::cli {

namespace {

constexpr int kBar = 40;  // columns

// A step on the line of time.
struct Span {
  const StepView* step = nullptr;
  Time ready = {};  // when all that it depends on had ended
  Time start = {};
  Time end = {};
  bool critical = false;
};

// When the step had nothing more to wait for: the end of the last of its parents, or the run's start.
Time ReadyAt(const RunView& view, const StepView& step, Time begin) {
  Time ready = begin;
  const auto after = [&](const StepView& other) {
    if (other.end) ready = std::max(ready, *other.end);
  };
  for (size_t parent : step.parents) after(view.steps[parent]);
  if (step.in_finally) {
    for (const StepView& other : view.steps) {
      if (!other.in_finally) after(other);
    }
  }
  return ready;
}

// From the step that ended last back to the first one, each time to the parent that ended last.
void MarkCritical(const RunView& view, std::vector<Span>& spans) {
  const auto latest = [&](const std::set<const StepView*>& among) -> Span* {
    Span* found = nullptr;
    for (Span& span : spans) {
      if (!span.critical && among.contains(span.step) && (found == nullptr || span.end > found->end)) found = &span;
    }
    return found;
  };
  std::set<const StepView*> among;
  for (const Span& span : spans) among.insert(span.step);
  while (Span* span = latest(among)) {
    span->critical = true;
    among.clear();
    for (size_t parent : span->step->parents) among.insert(&view.steps[parent]);
    for (const StepView& other : view.steps) {
      if (span->step->in_finally && !other.in_finally) among.insert(&other);
    }
  }
}

std::vector<Span> SpansOf(const RunView& view, Time begin, Time now) {
  std::vector<Span> spans;
  for (const StepView& step : view.steps) {
    if (!step.start) continue;
    spans.push_back({.step = &step,
                     .ready = ReadyAt(view, step, begin),
                     .start = *step.start,
                     .end = std::max(step.end.value_or(now), *step.start)});
  }
  MarkCritical(view, spans);
  std::ranges::stable_sort(spans, {}, &Span::start);
  return spans;
}

std::string Bar(const Span& span, Time begin, Time end) {
  const auto whole = std::max<int64_t>(1, (end - begin).count());
  const auto column = [&](Time at) {
    return static_cast<int>(std::clamp<int64_t>((at - begin).count() * kBar / whole, 0, kBar));
  };
  const int from = std::min(column(span.start), kBar - 1);
  const int to = std::max(column(span.end), from + 1);
  const int ready = std::min(column(span.ready), from);
  std::string bar(static_cast<size_t>(ready), ' ');
  bar.append(static_cast<size_t>(from - ready), '.');
  bar.append(static_cast<size_t>(to - from), span.critical ? '#' : '=');
  return bar;
}

std::string AsText(const RunView& view, const std::vector<Span>& spans, Time begin, Time end, bool critical_only) {
  Table table({"STEP", "STATUS", "FROM", "WAITED", "TOOK", "TIMELINE"});
  Duration waited{0};
  for (const Span& span : spans) {
    if (critical_only && !span.critical) continue;
    const Duration wait = std::max(span.start - span.ready, Duration(0));
    waited += wait;
    table.Add({span.step->name, std::string(json::EnumName(span.step->state)), "+" + Short(span.start - begin),
               Short(wait), Short(span.end - span.start), Bar(span, begin, end)});
  }
  std::string text = table.Text();
  if (critical_only) {
    text += fmt::format("\nThe run took {}; on its critical path {} went by before pods had started.\n",
                        Short(end - begin), Short(waited));
  }
  return text + (view.over ? "" : "\nThe run goes on.\n");
}

json::Value AsJson(const std::vector<Span>& spans, bool critical_only) {
  json::Array list;
  for (const Span& span : spans) {
    if (critical_only && !span.critical) continue;
    list.push_back(json::Object{{"step", span.step->name},
                                {"state", json::EnumName(span.step->state)},
                                {"readyTime", FormatTime(span.ready)},
                                {"startTime", FormatTime(span.start)},
                                {"endTime", FormatTime(span.end)},
                                {"critical", span.critical}});
  }
  return list;
}

Result<int> Timeline(Environment& environment, const Arguments& arguments) {
  TRY(auto session, Session::Open(environment, arguments));
  TRY(FoundRun run, FindRun(*session, arguments.Word(0)));
  TRY(RunParts parts, ReadParts(*session, run));
  const RunView view = ViewOf(run.object, parts.records, parts.pods);
  const Time now = environment.loop.Now();
  const Time begin = view.start.value_or(now);
  const std::vector<Span> spans = SpansOf(view, begin, now);
  const bool critical = arguments.Has("critical");
  if (arguments.Text("output") == "json") {
    environment.out(json::WriteIndented(AsJson(spans, critical)) + "\n");
  } else if (spans.empty()) {
    environment.err(fmt::format("No step of {} has started.\n", view.name));
  } else {
    environment.out(AsText(view, spans, begin, view.end.value_or(now), critical));
  }
  return 0;
}

}  // namespace

Command TimelineCommand() {
  return {.name = "timeline",
          .takes = "RUN",
          .least = 1,
          .most = 1,
          .summary = "Shows when each step ran, and which of them made the run as long as it was.",
          .details = "A bar is a step: dots while it could have run and did not, # on the critical path, = beside it.",
          .example =
              "coreflow timeline @latest\n"
              "coreflow timeline word-count --critical",
          .flags = {{.name = "critical", .help = "only the steps of the critical path"},
                    {.name = "output",
                     .letter = 'o',
                     .kind = FlagKind::kText,
                     .placeholder = "FORMAT",
                     .help = "what to print",
                     .choices = {"text", "json"}}},
          .run = Timeline};
}

}  // namespace coreflow::cli
