#include "operator/courier/command_line.h"

#include <map>

namespace coreflow::courier {

const char kUsage[] =
    "Moves the artifacts of one pod; its job is in $COREFLOW_COURIER.\n"
    "\n"
    "  coreflow-courier fetch [--volume FOLDER] [--exec FILE] [--termination-log FILE]\n"
    "      brings inputs into the volume, and coreflow-exec if there are outputs; ends\n"
    "  coreflow-courier serve [--volume FOLDER] [--termination-log FILE]\n"
    "      takes outputs at the socket run/courier.sock in the volume until SIGTERM\n"
    "\n"
    "FOLDER is /coreflow, and coreflow-exec the file of that name beside this program,\n"
    "unless they are given.\n";

Result<CommandLine> ReadCommandLine(const std::vector<std::string>& arguments) {
  const auto bad = [](std::string what) { return Error{.code = Code::kInvalid, .message = std::move(what)}; };
  if (arguments.empty()) return bad("what is it to do: fetch or serve?");
  CommandLine line;
  const std::string& command = arguments.front();
  if (command == "--help" || command == "-h" || command == "help") return line;
  if (command != "fetch" && command != "serve") return bad("no command \"" + command + "\": fetch or serve");
  line.command = command == "fetch" ? CommandLine::Command::kFetch : CommandLine::Command::kServe;
  std::map<std::string, std::string*> flags = {{"--volume", &line.volume},
                                               {"--termination-log", &line.termination_log}};
  if (line.command == CommandLine::Command::kFetch) flags["--exec"] = &line.executor;
  for (size_t i = 1; i < arguments.size(); i += 2) {
    const auto flag = flags.find(arguments[i]);
    if (flag == flags.end()) return bad(command + " has no flag \"" + arguments[i] + "\"");
    if (i + 1 == arguments.size() || arguments[i + 1].empty()) return bad(arguments[i] + " needs a path");
    *flag->second = arguments[i + 1];
  }
  return line;
}

}  // namespace coreflow::courier
