#include <fmt/format.h>

#include "pkg/cli/commands.h"
#include "pkg/cli/find_run.h"
#include "pkg/cli/format.h"
#include "pkg/cli/object_printer.h"
#include "pkg/cli/run_row.h"
#include "pkg/cli/run_view.h"
#include "pkg/cli/run_watch.h"
#include "pkg/cli/step_table.h"
#include "pkg/cli/table.h"

namespace coreflow::cli {

namespace {

Result<int> Get(Environment& environment, const Arguments& arguments) {
  TRY(ObjectPrinter printer, ObjectPrinter::Make(arguments));
  TRY(auto session, Session::Open(environment, arguments));
  std::vector<FoundRun> runs;
  for (const std::string& word : arguments.words) {
    TRY(FoundRun run, FindRun(*session, word));
    runs.push_back(std::move(run));
  }
  const Format format = printer.format();
  if (IsOfObjects(format)) {
    std::vector<json::Value> objects;
    for (const FoundRun& run : runs) objects.push_back(run.object);
    TRY(const std::string text, printer.Print(objects, false));
    environment.out(text);
    return 0;
  }
  const Time now = environment.loop.Now();
  const bool wide = format == Format::kWide;
  Table table(RunHeadings(false, wide));
  table.ColorStates("STATUS", environment.color);
  for (const FoundRun& run : runs) table.Add(RunRow(run.object, now, false, wide));
  std::string text = table.Text(!arguments.Has("no-headers"));
  for (const FoundRun& run : runs) {
    TRY(RunParts parts, ReadParts(*session, run));
    const RunView view = ViewOf(run.object, parts.records, parts.pods);
    text += runs.size() > 1 ? fmt::format("\n{}:\n", view.name) : "\n";
    text += StepTable(view, now, {.wide = wide, .headings = !arguments.Has("no-headers"), .color = environment.color});
  }
  environment.out(text);
  return 0;
}

}  // namespace

Command GetCommand() {
  return {.name = "get",
          .takes = "RUN...",
          .least = 1,
          .most = kAnyNumber,
          .summary = "Shows a run and its steps, or the object as it is stored.",
          .example =
              "coreflow get word-count\n"
              "coreflow get @latest -o wide\n"
              "coreflow get job/render -o yaml\n"
              "coreflow get word-count -o jsonpath='{.status.outputs.words}'",
          .flags = {OutputFlag(), {.name = "no-headers", .help = "without the lines of headings"}},
          .run = Get};
}

}  // namespace coreflow::cli
