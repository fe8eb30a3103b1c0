#include <fmt/format.h>

#include "pkg/cli/commands.h"
#include "pkg/cli/find_run.h"
#include "pkg/cli/format.h"
#include "pkg/cli/graph_layout.h"
#include "pkg/cli/manifest.h"
#include "pkg/cli/run_view.h"
#include "pkg/cli/run_watch.h"

namespace coreflow::cli {

namespace {

struct Shown {
  std::string name = {};
  std::vector<GraphNode> nodes = {};
};

Shown NodesOf(const RunView& view) {
  Shown shown{.name = view.name};
  for (const StepView& step : view.steps) {
    shown.nodes.push_back({.name = step.name,
                           .parents = step.parents,
                           .state = step.items.empty() ? "" : std::string(json::EnumName(step.state)),
                           .in_finally = step.in_finally,
                           .has_items = step.has_items});
  }
  return shown;
}

Result<Shown> OfFile(const std::vector<json::Value>& objects) {
  if (objects.size() != 1) {
    return Error{.code = Code::kInvalid,
                 .message = fmt::format("a graph is of one object; the file has {}", objects.size())};
  }
  if (const std::string problems = ProblemsOf(objects.front()); !problems.empty()) {
    return Error{.code = Code::kInvalid, .message = problems};
  }
  return NodesOf(ViewOf(objects.front(), {}, {}));
}

Result<Shown> OfRun(Environment& environment, const Arguments& arguments) {
  TRY(auto session, Session::Open(environment, arguments));
  TRY(FoundRun run, FindRun(*session, arguments.Word(0)));
  TRY(RunParts parts, ReadParts(*session, run));
  return NodesOf(ViewOf(run.object, parts.records, parts.pods));
}

Result<int> Graph(Environment& environment, const Arguments& arguments) {
  const auto file = ReadManifest(environment, arguments.Word(0));
  if (!file && file.error().code != Code::kNotFound) return file.error();
  TRY(Shown shown, file ? OfFile(*file) : OfRun(environment, arguments));
  const std::string format = arguments.Text("output");
  environment.out(format == "svg"   ? GraphAsSvg(shown.name, shown.nodes)
                  : format == "dot" ? GraphAsDot(shown.name, shown.nodes)
                                    : GraphAsMermaid(shown.nodes));
  return 0;
}

}  // namespace

Command GraphCommand() {
  return {.name = "graph",
          .takes = "RUN|FILE|-",
          .least = 1,
          .most = 1,
          .summary = "Draws the steps of a run or a file, and what depends on what.",
          .details =
              "Dependencies are those of dependsOn and those that expressions make. Of a run each step bears its "
              "state.",
          .example =
              "coreflow graph word-count.yaml\n"
              "coreflow graph @latest -o svg > run.svg\n"
              "coreflow graph word-count -o dot | dot -Tpng -o run.png",
          .flags = {{.name = "output",
                     .letter = 'o',
                     .kind = FlagKind::kText,
                     .placeholder = "FORMAT",
                     .help = "the language",
                     .choices = {"mermaid", "dot", "svg"}}},
          .run = Graph};
}

}  // namespace coreflow::cli
