#include "pkg/cli/change_run.h"
#include "pkg/cli/commands.h"

namespace coreflow::cli {

namespace {

Result<int> Suspend(Environment& environment, const Arguments& arguments) {
  return ChangeRuns(environment, arguments,
                    {.spec = {{"suspend", true}}, .verbed = "suspended", .needless = [](const json::Value& object) {
                       return std::string(object["spec"]["suspend"].BoolOr(false) ? "is suspended already" : "");
                     }});
}

}  // namespace

Command SuspendCommand() {
  return {.name = "suspend",
          .takes = "RUN...",
          .least = 1,
          .most = kAnyNumber,
          .summary = "Holds a run: nothing new starts, what runs goes on.",
          .example = "coreflow suspend word-count",
          .run = Suspend};
}

}  // namespace coreflow::cli
