#include <fmt/format.h>

#include <algorithm>

#include "pkg/cli/ago.h"
#include "pkg/cli/commands.h"
#include "pkg/cli/events.h"
#include "pkg/cli/find_run.h"
#include "pkg/cli/run_row.h"
#include "pkg/cli/run_view.h"
#include "pkg/cli/run_watch.h"
#include "pkg/cli/step_table.h"
#include "pkg/cli/table.h"
#include "pkg/json/write.h"

namespace coreflow::cli {

namespace {

constexpr size_t kMostItems = 20;  // that are told one by one

std::string Indented(const std::string& text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    out += "  " + text.substr(at, end - at) + "\n";
    at = end + 1;
  }
  return out;
}

void AddLine(std::string& text, std::string_view label, const std::string& value) {
  if (!value.empty()) text += fmt::format("{:<13}{}\n", fmt::format("{}:", label), OneLine(value));
}

std::string At(const std::optional<Time>& time, Time now) {
  return time ? fmt::format("{} ({} ago)", FormatTime(*time), Short(now - *time)) : "";
}

std::string Head(const RunView& view, const json::Value& object, Time now) {
  std::string text;
  AddLine(text, "Name", view.name);
  AddLine(text, "Namespace", view.ns);
  AddLine(text, "Kind", view.kind);
  AddLine(text, "Run", view.number > 0 ? std::to_string(view.number) : "none yet");
  AddLine(text, "State", view.state);
  AddLine(text, "Reason", view.reason == view.state ? "" : view.reason);
  AddLine(text, "Message", view.message);
  AddLine(text, "Progress", view.progress);
  AddLine(text, "Started", At(view.start, now));
  AddLine(text, "Ended", At(view.end, now));
  AddLine(text, "Duration", DurationOf(object, now));
  for (const json::Value& condition : object["status"]["conditions"].Elements()) {
    if (condition["type"].StringOr("") == "Fenced") AddLine(text, "Warning", condition["message"].StringOr(""));
  }
  return text;
}

std::string Values(std::string_view title, const json::Array& values) {
  if (values.empty()) return "";
  Table table({"NAME", "VALUE"});
  for (const json::Value& value : values) table.Add({value["name"].StringOr(""), json::Write(value["value"])});
  return fmt::format("\n{}:\n{}", title, Indented(table.Text(false)));
}

// Items that failed or are held up, one by one.
std::string Items(const RunView& view) {
  Table table({"ITEM", "STATUS", "ATTEMPTS", "EXIT", "REASON", "MESSAGE"});
  size_t more = 0;
  size_t shown = 0;
  for (const StepView& step : view.steps) {
    for (const ItemView& item : step.items) {
      if (!item.index || item.message.empty()) continue;
      if (++shown > kMostItems) ++more;
      if (shown > kMostItems) continue;
      table.Add({fmt::format("{}[{}]", step.name, *item.index), std::string(json::EnumName(item.state)),
                 std::to_string(item.attempt), item.exit_code ? std::to_string(*item.exit_code) : "-", item.reason,
                 item.message});
    }
  }
  if (table.empty()) return "";
  std::string text = "\nItems that failed or wait:\n" + Indented(table.Text());
  return more == 0 ? text : text + fmt::format("  and {} more\n", more);
}

std::string Previous(const json::Value& status, Time now) {
  if (status["previousRuns"].Elements().empty()) return "";
  Table table({"RUN", "RESULT", "REASON", "ENDED", "DURATION"});
  for (const json::Value& run : status["previousRuns"].Elements()) {
    const auto start = ParseTime(run["startTime"].StringOr(""));
    const auto end = ParseTime(run["completionTime"].StringOr(""));
    table.Add({std::to_string(run["number"].IntOr(0)), run["result"].StringOr("-"), run["reason"].StringOr("-"),
               end ? Short(now - *end) + " ago" : "-", start && end ? Short(*end - *start) : "-"});
  }
  return "\nEarlier runs:\n" + Indented(table.Text());
}

std::string Events(const std::vector<EventLine>& events, Time now) {
  if (events.empty()) return "";
  Table table({"AGE", "TYPE", "REASON", "MESSAGE"});
  for (const EventLine& event : events) {
    const std::string age = Short(now - event.last);
    table.Add({event.count > 1 ? fmt::format("{} (x{})", age, event.count) : age, event.warning ? "Warning" : "Normal",
               event.reason, event.message});
  }
  return "\nEvents:\n" + Indented(table.Text());
}

Result<int> Describe(Environment& environment, const Arguments& arguments) {
  TRY(auto session, Session::Open(environment, arguments));
  TRY(FoundRun run, FindRun(*session, arguments.Word(0)));
  TRY(RunParts parts, ReadParts(*session, run));
  TRY(std::vector<EventLine> events, EventsOf(*session, run.key, run.object["metadata"]["uid"].StringOr("")));
  const Time now = environment.loop.Now();
  const RunView view = ViewOf(run.object, parts.records, parts.pods);
  json::Array given;
  for (const api::RecordedArgument& argument : view.arguments) {
    given.push_back(json::Object{{"name", argument.name}, {"value", argument.value}});
  }
  std::string text = Head(view, run.object, now);
  text += Values("Parameters", given);
  text += "\nSteps:\n" + Indented(StepTable(view, now, {.color = environment.color}));
  text += Items(view);
  text += Values("Outputs", run.object["status"]["outputs"].Elements());
  text += Previous(run.object["status"], now);
  text += Events(events, now);
  environment.out(text);
  if (view.state == "Failed" && view.number > 0) {
    environment.err(fmt::format("Next: {}, {}\n", session->NextCommand("why " + view.name, view.ns),
                                session->NextCommand("logs " + view.name + " --failed", view.ns)));
  }
  return 0;
}

}  // namespace

Command DescribeCommand() {
  return {.name = "describe",
          .takes = "RUN",
          .least = 1,
          .most = 1,
          .summary = "Tells everything of a run: steps, values, earlier runs, events.",
          .example = "coreflow describe @latest",
          .run = Describe};
}

}  // namespace coreflow::cli
