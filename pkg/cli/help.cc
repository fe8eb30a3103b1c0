#include "pkg/cli/help.h"

#include <fmt/format.h>

#include <algorithm>

#include "pkg/cli/command_line.h"

namespace coreflow::cli {

namespace {

std::string Left(const Flag& flag) {
  std::string left =
      flag.letter != 0 ? fmt::format("  -{}, --{}", flag.letter, flag.name) : fmt::format("      --{}", flag.name);
  if (flag.kind != FlagKind::kSwitch) left += fmt::format("={}", flag.placeholder);
  return left;
}

std::string Flags(const std::vector<Flag>& flags) {
  size_t width = 0;
  for (const Flag& flag : flags) width = std::max(width, Left(flag).size());
  std::string text;
  for (const Flag& flag : flags) {
    text += fmt::format("{:<{}}   {}{}\n", Left(flag), width, flag.help,
                        flag.choices.empty() ? "" : fmt::format(": {}", fmt::join(flag.choices, ", ")));
  }
  return text;
}

// The example, each line as it is typed; its program is called as the user calls it.
std::string Example(const std::string& program, std::string_view example) {
  std::string text;
  for (size_t at = 0; at < example.size();) {
    const size_t end = std::min(example.find('\n', at), example.size());
    std::string line(example.substr(at, end - at));
    if (program != "coreflow" && line.starts_with("coreflow ")) line.replace(0, 8, program);
    text += "  " + line + "\n";
    at = end + 1;
  }
  return text;
}

}  // namespace

std::string Overview(const std::string& program, const std::vector<Command>& commands) {
  std::string text = fmt::format(
      "Runs workflows and jobs of CoreFlow on Kubernetes, and says what becomes of them.\n\nUsage:\n  {} COMMAND "
      "[flags]\n\nCommands:\n",
      program);
  size_t width = 0;
  for (const Command& command : commands) width = std::max(width, command.name.size());
  for (const Command& command : commands) text += fmt::format("  {:<{}}   {}\n", command.name, width, command.summary);
  text += "\nFlags of every command:\n" + Flags(GlobalFlags());
  text += fmt::format(
      "\nA run is named by a Workflow's or Job's name, the beginning of one, workflow/NAME, job/NAME, @latest or @failed.\n"
      "Exit codes: 0 done, 1 error, 2 wrong use, 3 the run failed, 4 it was stopped, 5 waited too long, 6 not found,\n"
      "7 not allowed, 8 no server, 130 Ctrl-C.\n\n'{} COMMAND --help' says more.\n",
      program);
  return text;
}

std::string HelpOf(const std::string& program, const Command& command) {
  std::string text = fmt::format("{}\n\nUsage:\n  {} {}{}{} [flags]\n", command.summary, program, command.name,
                                 command.takes.empty() ? "" : " ", command.takes);
  if (!command.details.empty()) text += fmt::format("\n{}\n", command.details);
  text += "\nExample:\n" + Example(program, command.example);
  if (!command.flags.empty()) text += "\nFlags:\n" + Flags(command.flags);
  return text + "\nFlags of every command:\n" + Flags(GlobalFlags());
}

}  // namespace coreflow::cli
