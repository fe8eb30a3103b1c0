#include "pkg/cli/commands.h"
#include "pkg/cli/diagnose.h"
#include "pkg/cli/exit_code.h"

namespace coreflow::cli {

namespace {

Result<int> Doctor(Environment& environment, const Arguments& arguments) {
  TRY(auto session, Session::Open(environment, arguments));
  TRY(const Diagnosis found, Diagnose(*session));
  environment.out(found.text);
  return found.bad ? kError : kDone;
}

}  // namespace

Command DoctorCommand() {
  return {.name = "doctor",
          .summary = "Looks for what keeps CoreFlow from working in a namespace.",
          .details =
              "Server, kinds, permissions, admission, clock, operator. Changes nothing. Exit code 1: there is a "
              "problem.",
          .example = "coreflow doctor -n ci",
          .run = Doctor};
}

}  // namespace coreflow::cli
