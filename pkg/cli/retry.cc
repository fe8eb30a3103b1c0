#include "pkg/cli/ask_again.h"
#include "pkg/cli/commands.h"

namespace coreflow::cli {

namespace {

Result<int> Retry(Environment& environment, const Arguments& arguments) {
  return AskAgain(environment, arguments, Continues::kItself);
}

}  // namespace

Command RetryCommand() {
  return {.name = "retry",
          .takes = "RUN",
          .least = 1,
          .most = 1,
          .summary = "Runs again what did not succeed, and what has changed since.",
          .details =
              "It is another run of the same object. Steps, and items of forEach, that succeeded in its last run and "
              "are\nunchanged are taken from there; the others run, and all that depends on them. 'finally' runs "
              "each time.",
          .example = "coreflow retry word-count --dry-run\ncoreflow retry word-count --with fixed.yaml --watch",
          .flags = AskAgainFlags(),
          .run = Retry};
}

}  // namespace coreflow::cli
