#include <fmt/format.h>

#include "pkg/cli/change_run.h"
#include "pkg/cli/commands.h"
#include "pkg/cli/run_row.h"
#include "pkg/cli/run_view.h"

namespace coreflow::cli {

namespace {

Result<int> Stop(Environment& environment, const Arguments& arguments) {
  const std::string wanted = arguments.Has("now") ? "Immediate" : "Graceful";
  return ChangeRuns(environment, arguments,
                    {.spec = {{"stop", wanted}},
                     .verbed = arguments.Has("now") ? "is being stopped now" : "is being stopped",
                     .needless = [&](const json::Value& object) -> std::string {
                       if (IsOver(object)) return fmt::format("has ended already: {}", StateOf(object));
                       return object["spec"]["stop"].StringOr("") == wanted ? "is being stopped already" : "";
                     }});
}

}  // namespace

Command StopCommand() {
  return {
      .name = "stop",
      .takes = "RUN...",
      .least = 1,
      .most = kAnyNumber,
      .summary = "Ends a run: nothing new starts, what runs may end by itself.",
      .details = "The steps of finally run all the same. A run that is stopped never goes on; 'rerun' starts another.",
      .example =
          "coreflow stop word-count\n"
          "coreflow stop @latest --now",
      .flags = {{.name = "now", .help = "end what runs, too"}},
      .run = Stop};
}

}  // namespace coreflow::cli
