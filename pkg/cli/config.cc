#include <fmt/format.h>

#include "pkg/base/closest.h"
#include "pkg/cli/commands.h"
#include "pkg/cli/exit_code.h"
#include "pkg/cli/session.h"
#include "pkg/cli/table.h"

namespace coreflow::cli {

namespace {

Result<int> Config(Environment& environment, const Arguments& arguments) {
  const std::string what = arguments.Word(0);
  if (what != "context") {
    environment.err(
        fmt::format("{}: there is no config {}{}\n", environment.program, what, DidYouMean(what, {"context"})));
    return kWrongUse;
  }
  TRY(auto session, Session::Open(environment, arguments));
  Table table({"SOURCE", "SERVER", "NAMESPACE"});
  table.Add({session->source(), session->server(), session->ns()});
  environment.out(table.Text());
  return kDone;
}

}  // namespace

Command ConfigCommand() {
  return {.name = "config",
          .takes = "context",
          .least = 1,
          .most = 1,
          .summary = "Shows which cluster and namespace commands talk to.",
          .details =
              "Chosen as kubectl does: --kubeconfig, $KUBECONFIG, ~/.kube/config, or the pod's own account. Asks "
              "no server.",
          .example =
              "coreflow config context\n"
              "coreflow config context --context=staging -n ci",
          .run = Config};
}

}  // namespace coreflow::cli
