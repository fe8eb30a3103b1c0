#include <fmt/format.h>

#include <algorithm>

#include "pkg/cli/commands.h"
#include "pkg/cli/find_run.h"
#include "pkg/cli/format.h"
#include "pkg/cli/run_row.h"
#include "pkg/cli/session.h"
#include "pkg/cli/table.h"

namespace coreflow::cli {

namespace {

const std::vector<std::string_view> kStates = {"Pending",   "Running", "Suspended", "Stopping",
                                               "Succeeded", "Failed",  "Stopped"};

std::string Rows(const std::vector<json::Value>& runs, Time now, const Arguments& arguments, Format format) {
  const bool wide = format == Format::kWide;
  Table table(RunHeadings(arguments.Has("all-namespaces"), wide));
  for (const json::Value& run : runs) table.Add(RunRow(run, now, arguments.Has("all-namespaces"), wide));
  return table.Text(!arguments.Has("no-headers"));
}

Result<int> List(Environment& environment, const Arguments& arguments) {
  TRY(auto session, Session::Open(environment, arguments));
  const bool all = arguments.Has("all-namespaces");
  TRY(std::vector<json::Value> runs, ListRuns(*session, {.ns = all ? "" : session->ns(),
                                                         .labels = arguments.Text("selector"),
                                                         .fields = arguments.Text("field-selector")}));
  const std::vector<std::string> states = arguments.All("state");
  if (!states.empty()) {
    std::erase_if(runs, [&](const json::Value& run) { return std::ranges::count(states, StateOf(run)) == 0; });
  }
  if (arguments.Text("sort-by") == "start") std::ranges::stable_sort(runs, std::ranges::greater{}, StartOf);
  const Format format = FormatOf(arguments);
  if (IsOfObjects(format)) {
    environment.out(PrintObjects(format, runs, true));
    return 0;
  }
  if (runs.empty()) {
    environment.err(all ? std::string("No runs found.\n")
                        : fmt::format("No runs found in namespace {}.\n", session->ns()));
    return 0;
  }
  environment.out(Rows(runs, environment.loop.Now(), arguments, format));
  return 0;
}

}  // namespace

Command ListCommand() {
  return {.name = "list",
          .summary = "Lists Workflows and Jobs and how their runs stand.",
          .example =
              "coreflow list -A --state=Failed\n"
              "coreflow list --sort-by=start -o wide\n"
              "coreflow list -l team=data -o jsonl",
          .flags = {OutputFlag(),
                    {.name = "all-namespaces", .letter = 'A', .help = "of all namespaces"},
                    {.name = "selector",
                     .letter = 'l',
                     .kind = FlagKind::kText,
                     .placeholder = "LABELS",
                     .help = "those with these labels, as in team=data,tier!=test"},
                    {.name = "field-selector",
                     .kind = FlagKind::kText,
                     .placeholder = "FIELDS",
                     .help = "those with these fields, as in spec.suspend=true"},
                    {.name = "state",
                     .kind = FlagKind::kList,
                     .placeholder = "STATE",
                     .help = "those in this state; may be repeated",
                     .choices = kStates},
                    {.name = "sort-by",
                     .kind = FlagKind::kText,
                     .placeholder = "WHAT",
                     .help = "the order; start: the latest first",
                     .choices = {"name", "start"}},
                    {.name = "no-headers", .help = "without the line of headings"}},
          .run = List};
}

}  // namespace coreflow::cli
