#include "pkg/cli/change_run.h"

#include <fmt/format.h>

#include "pkg/cli/exit_code.h"
#include "pkg/cli/format.h"

namespace coreflow::cli {

Result<int> ChangeRuns(Environment& environment, const Arguments& arguments, const Change& change) {
  TRY(auto session, Session::Open(environment, arguments));
  for (const std::string& word : arguments.words) {
    TRY(FoundRun run, FindRun(*session, word));
    if (const std::string why = change.needless(run.object); !why.empty()) {
      environment.err(fmt::format("{} {}\n", QualifiedName(run.object), why));
      continue;
    }
    const json::Value patch = json::Object{{"spec", change.spec}};
    TRY(json::Value object,
        session->Send(kube::Patch(run.resource, run.key, patch, {.write = {.field_manager = kFieldManager}})));
    environment.out(fmt::format("{} {}\n", QualifiedName(object), change.verbed));
  }
  return kDone;
}

}  // namespace coreflow::cli
