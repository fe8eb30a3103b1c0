#include <fmt/format.h>

#include <algorithm>

#include "pkg/cli/commands.h"
#include "pkg/cli/exit_code.h"
#include "pkg/cli/find_run.h"
#include "pkg/cli/format.h"
#include "pkg/cli/list_watch.h"
#include "pkg/cli/locate_run.h"
#include "pkg/cli/object_printer.h"
#include "pkg/cli/run_row.h"
#include "pkg/cli/session.h"
#include "pkg/cli/table.h"

namespace coreflow::cli {

namespace {

const std::vector<std::string_view> kStates = {"Pending",   "Running", "Suspended", "Stopping",
                                               "Succeeded", "Failed",  "Stopped"};

// A run, and the context whose cluster has it.
struct Listed {
  std::string context = {};
  json::Value run = {};
};

// The runs of all contexts that can be asked, in the order of the contexts; and what to end with.
struct Everywhere {
  std::vector<Listed> runs = {};
  std::vector<std::string> nowhere = {};  // which have none; see EmptyPlace
  int code = kDone;
};

// " in namespace ci of context staging".
std::string EmptyPlace(const Session& session, const Arguments& arguments, const std::string& context) {
  std::string place = arguments.Has("all-namespaces") ? "" : " in namespace " + session.ns();
  if (!context.empty()) place += (place.empty() ? " in" : " of") + (" context " + context);
  return place;
}

kube::Selection SelectionOf(const Session& session, const Arguments& arguments) {
  return {.ns = arguments.Has("all-namespaces") ? "" : session.ns(),
          .labels = arguments.Text("selector"),
          .fields = arguments.Text("field-selector")};
}

void KeepStates(const Arguments& arguments, std::vector<json::Value>& runs) {
  const std::vector<std::string> states = arguments.All("state");
  if (!states.empty()) {
    std::erase_if(runs, [&](const json::Value& run) { return std::ranges::count(states, StateOf(run)) == 0; });
  }
}

Result<std::vector<json::Value>> ListOne(Session& session, const Arguments& arguments) {
  TRY(std::vector<json::Value> runs, ListRuns(session, SelectionOf(session, arguments)));
  KeepStates(arguments, runs);
  return runs;
}

Result<Everywhere> ListAll(Environment& environment, const Arguments& arguments) {
  Everywhere found;
  const std::vector<std::string> contexts = ContextsOf(arguments);
  const auto failed = [&](const std::string& context, const Error& error) -> Result<void> {
    if (contexts.size() == 1 || error.code == Code::kCancelled) return error;
    ShowContextError(environment, context, error);
    if (found.code == kDone) found.code = ExitCodeOf(error.code);
    return {};
  };
  for (const std::string& context : contexts) {
    auto session = Session::Open(environment, arguments, context);
    if (!session) {
      TRY_VOID(failed(context, session.error()));
      continue;
    }
    auto runs = ListOne(**session, arguments);
    if (!runs) {
      TRY_VOID(failed(context, runs.error()));
      continue;
    }
    for (json::Value& run : *runs) found.runs.push_back({.context = context, .run = std::move(run)});
    if (runs->empty()) found.nowhere.push_back(EmptyPlace(**session, arguments, contexts.size() > 1 ? context : ""));
  }
  return found;
}

std::string Rows(const std::vector<Listed>& listed, const Environment& environment, const Arguments& arguments,
                 Format format) {
  const bool wide = format == Format::kWide;
  const bool all = arguments.Has("all-namespaces");
  const bool contexts = ContextsOf(arguments).size() > 1;
  std::vector<std::string> headings = RunHeadings(all, wide);
  if (contexts) headings.insert(headings.begin(), "CONTEXT");
  Table table(std::move(headings));
  table.ColorStates("STATUS", environment.color);
  for (const auto& [context, run] : listed) {
    std::vector<std::string> row = RunRow(run, environment.loop.Now(), all, wide);
    if (contexts) row.insert(row.begin(), context);
    table.Add(std::move(row));
  }
  return table.Text(!arguments.Has("no-headers"));
}

// Rows, or objects, until Ctrl-C.
Result<int> Watch(Environment& environment, const Arguments& arguments, ObjectPrinter printer) {
  if (ContextsOf(arguments).size() > 1) {
    return Error{.code = Code::kInvalid, .message = "--watch is for one --context"};
  }
  TRY(auto session, Session::Open(environment, arguments, ContextsOf(arguments).front()));
  const bool wide = printer.format() == Format::kWide;
  const bool all = arguments.Has("all-namespaces");
  Table table(RunHeadings(all, wide));
  table.ColorStates("STATUS", environment.color);
  return WatchRuns(*session, SelectionOf(*session, arguments), [&](std::vector<json::Value> runs) -> Result<void> {
    KeepStates(arguments, runs);
    std::string text;
    for (const json::Value& run : runs) {
      if (IsOfObjects(printer.format())) {
        TRY(const std::string next, printer.PrintNext(run));
        text += next;
      } else {
        table.Add(RunRow(run, environment.loop.Now(), all, wide));
      }
    }
    if (!table.empty()) text = table.Next(!arguments.Has("no-headers"));
    if (!text.empty()) environment.out(text);
    return {};
  });
}

Result<int> List(Environment& environment, const Arguments& arguments) {
  TRY(ObjectPrinter printer, ObjectPrinter::Make(arguments));
  if (arguments.Has("watch")) return Watch(environment, arguments, std::move(printer));
  TRY(Everywhere found, ListAll(environment, arguments));
  if (arguments.Text("sort-by") == "start") {
    std::ranges::stable_sort(found.runs, std::ranges::greater{}, [](const Listed& one) { return StartOf(one.run); });
  }
  const Format format = printer.format();
  if (IsOfObjects(format)) {
    std::vector<json::Value> objects;
    for (Listed& one : found.runs) objects.push_back(std::move(one.run));
    TRY(const std::string text, printer.Print(objects, true));
    environment.out(text);
  } else if (!found.runs.empty()) {
    environment.out(Rows(found.runs, environment, arguments, format));
  } else if (!found.nowhere.empty()) {
    environment.err(fmt::format("No runs found{}.\n", fmt::join(found.nowhere, ",")));
  }
  return found.code;
}

}  // namespace

Command ListCommand() {
  return {.name = "list",
          .summary = "Lists Workflows and Jobs and how their runs stand.",
          .example =
              "coreflow list -A --state=Failed\n"
              "coreflow list --sort-by=start -o wide\n"
              "coreflow list -l team=data -o jsonl\n"
              "coreflow list -o custom-columns=NAME:.metadata.name,STATE:.status.state\n"
              "coreflow list --watch -o json | jq -r .status.state\n"
              "coreflow list -A --context=berlin --context=oslo",
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
                    {.name = "no-headers", .help = "without the line of headings"},
                    {.name = "watch",
                     .letter = 'w',
                     .help = "then each run that changes, until Ctrl-C; -o json in one line each"}},
          .several_contexts = true,
          .run = List};
}

}  // namespace coreflow::cli
