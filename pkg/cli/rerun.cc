#include "pkg/cli/ask_again.h"
#include "pkg/cli/commands.h"

namespace coreflow::cli {

namespace {

Result<int> Rerun(Environment& environment, const Arguments& arguments) {
  return AskAgain(environment, arguments, Continues::kNothing);
}

}  // namespace

Command RerunCommand() {
  return {
      .name = "rerun",
      .takes = "RUN",
      .least = 1,
      .most = 1,
      .summary = "Runs a Workflow or Job once more.",
      .details =
          "It is another run of the same object, from its first step; with other arguments: 'run NAME -p ...'. "
          "A stop of\nthe run before is taken away. With --from, what is unchanged since that run and succeeded "
          "in it is taken from\nthere; 'retry' does so with its own last run.",
      .example = "coreflow rerun word-count --watch\ncoreflow rerun word-count --from word-count/3 --with fixed.yaml",
      .flags = AskAgainFlags(),
      .run = Rerun};
}

}  // namespace coreflow::cli
