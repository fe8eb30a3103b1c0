#include <fmt/format.h>

#include "pkg/cli/commands.h"
#include "pkg/cli/exit_code.h"
#include "pkg/cli/find_run.h"
#include "pkg/cli/format.h"

namespace coreflow::cli {

namespace {

Result<int> Delete(Environment& environment, const Arguments& arguments) {
  TRY(auto session, Session::Open(environment, arguments));
  std::vector<FoundRun> runs;
  for (const std::string& word : arguments.words) {
    TRY(FoundRun run, FindRun(*session, word));
    // What can't be undone is not done to what somebody may not have meant.
    const std::string name = word.substr(word.find('/') == std::string::npos ? 0 : word.find('/') + 1);
    if (name != run.key.name) {
      return Error{.code = Code::kNotFound,
                   .message = fmt::format("delete takes whole names; did you mean {}?", QualifiedName(run.object))};
    }
    runs.push_back(std::move(run));
  }
  const bool dry_run = arguments.Has("dry-run");
  for (const FoundRun& run : runs) {
    TRY([[maybe_unused]] json::Value gone,
        session->Send(kube::Delete(run.resource, run.key,
                                   {.uid = run.object["metadata"]["uid"].StringOr(""),
                                    .propagation = kube::Propagation::kBackground,
                                    .dry_run = dry_run})));
    environment.out(fmt::format("{} deleted{}\n", QualifiedName(run.object), dry_run ? " (server dry run)" : ""));
  }
  return kDone;
}

}  // namespace

Command DeleteCommand() {
  return {.name = "delete",
          .takes = "RUN...",
          .least = 1,
          .most = kAnyNumber,
          .summary = "Deletes Workflows and Jobs with all that belongs to them.",
          .details = "What runs is ended, and the results of all runs of the object are gone. Takes whole names only.",
          .example = "coreflow delete word-count job/render",
          .flags = {{.name = "dry-run",
                     .kind = FlagKind::kText,
                     .placeholder = "WHERE",
                     .help = "have it checked and change nothing",
                     .choices = {"server"}}},
          .run = Delete};
}

}  // namespace coreflow::cli
