#include "pkg/cli/change_run.h"
#include "pkg/cli/commands.h"

namespace coreflow::cli {

namespace {

Result<int> Resume(Environment& environment, const Arguments& arguments) {
  return ChangeRuns(environment, arguments,
                    {.spec = {{"suspend", nullptr}}, .verbed = "resumed", .needless = [](const json::Value& object) {
                       return std::string(object["spec"]["suspend"].BoolOr(false) ? "" : "is not suspended");
                     }});
}

}  // namespace

Command ResumeCommand() {
  return {.name = "resume",
          .takes = "RUN...",
          .least = 1,
          .most = kAnyNumber,
          .summary = "Lets a suspended run go on.",
          .example = "coreflow resume word-count",
          .run = Resume};
}

}  // namespace coreflow::cli
