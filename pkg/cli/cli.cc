#include "pkg/cli/cli.h"

#include <fmt/format.h>

#include <utility>
#include <variant>

#include "pkg/cli/color.h"
#include "pkg/cli/command_line.h"
#include "pkg/cli/commands.h"
#include "pkg/cli/complete.h"
#include "pkg/cli/exit_code.h"

namespace coreflow::cli {

int Run(Environment& environment, std::vector<std::string> arguments) {
  const std::vector<Command> commands = Commands();
  if (!arguments.empty() && arguments.front() == "__complete") {
    arguments.erase(arguments.begin());
    environment.out(Complete(environment, commands, arguments));
    return kDone;
  }
  const auto parsed = ParseCommandLine(environment.program, commands, std::move(arguments));
  if (const auto* exit = std::get_if<Exit>(&parsed)) {
    if (!exit->out.empty()) environment.out(exit->out);
    if (!exit->err.empty()) environment.err(exit->err);
    return exit->code;
  }
  const Call& call = std::get<Call>(parsed);
  environment.color = WantsColor(environment, call.arguments);
  const auto code = call.command->run(environment, call.arguments);
  if (code) return *code;
  // Whoever pressed Ctrl-C knows why.
  if (code.error().code != Code::kCancelled) {
    environment.err(fmt::format("{}: {}\n", environment.program, code.error().message));
  }
  return ExitCodeOf(code.error().code);
}

}  // namespace coreflow::cli
