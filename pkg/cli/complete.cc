#include "pkg/cli/complete.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "pkg/cli/command_line.h"
#include "pkg/cli/embedded.h"
#include "pkg/cli/find_run.h"
#include "pkg/cli/format.h"
#include "pkg/cli/run_view.h"

namespace coreflow::cli {

namespace {

constexpr Duration kPatience = std::chrono::seconds(2);

struct Candidate {
  std::string text = {};
  std::string about = {};
};

const Flag* FlagNamed(const Command& command, std::string_view word) {
  for (const std::vector<Flag>* flags : {&command.flags, &GlobalFlags()}) {
    for (const Flag& flag : *flags) {
      if (word == fmt::format("--{}", flag.name) || (flag.letter != 0 && word == fmt::format("-{}", flag.letter))) {
        return &flag;
      }
    }
  }
  return nullptr;
}

std::vector<Candidate> FlagsOf(const Command& command) {
  std::vector<Candidate> found;
  for (const std::vector<Flag>* flags : {&command.flags, &GlobalFlags()}) {
    for (const Flag& flag : *flags) found.push_back({fmt::format("--{}", flag.name), std::string(flag.help)});
  }
  return found;
}

// The names of the namespace's runs, or of one's steps.
std::vector<Candidate> Live(Environment& environment, const Arguments& arguments, bool steps) {
  std::vector<Candidate> found;
  auto session = Session::Open(environment, arguments);
  if (!session) return found;
  (*session)->SetDeadline(kPatience);
  if (steps) {
    auto run = FindRun(**session, arguments.Word(0));
    if (!run) return found;
    for (const StepView& step : ViewOf(run->object, {}, {}).steps) found.push_back({step.name, "step"});
    return found;
  }
  auto runs = ListRuns(**session, {.ns = (*session)->ns()});
  if (!runs) return found;
  for (const json::Value& run : *runs) {
    found.push_back(
        {NameOf(run), fmt::format("{} {}", run["kind"].StringOr(""), run["status"]["state"].StringOr("Pending"))});
  }
  found.push_back({"@latest", "the run that started last"});
  found.push_back({"@failed", "the last one that failed"});
  return found;
}

// The words without the last one, as far as they can be read.
Arguments Before(const std::string& program, const Command& command, std::vector<std::string> words) {
  Command lenient = command;
  lenient.least = 0;
  lenient.most = kAnyNumber;
  const std::vector<Command> commands = {lenient};
  auto parsed = ParseCommandLine(program, commands, std::move(words));
  auto* call = std::get_if<Call>(&parsed);
  return call ? std::move(call->arguments) : Arguments();
}

std::string Shown(const std::vector<Candidate>& candidates, std::string_view typed, bool files) {
  std::string text;
  for (const Candidate& candidate : candidates) {
    if (!candidate.text.starts_with(typed)) continue;
    text += candidate.text + (candidate.about.empty() ? "" : "\t" + candidate.about) + "\n";
  }
  return text + (files ? ":0\n" : ":4\n");
}

std::string OfCommand(Environment& environment, const Command& command, const std::vector<std::string>& words) {
  const std::string& typed = words.back();
  const std::string& previous = words[words.size() - 2];
  const size_t equals = typed.find('=');
  const bool joined = typed.starts_with("--") && equals != std::string::npos;
  const Flag* flag = joined ? FlagNamed(command, typed.substr(0, equals)) : FlagNamed(command, previous);
  if (flag && flag->kind != FlagKind::kSwitch) {
    std::vector<Candidate> choices;
    const std::string before = joined ? typed.substr(0, equals + 1) : "";
    for (std::string_view choice : flag->choices) choices.push_back({before + std::string(choice)});
    return Shown(choices, typed, choices.empty());
  }
  if (typed.starts_with('-')) return Shown(FlagsOf(command), typed, false);
  const Arguments before = Before(environment.program, command, {words.begin(), words.end() - 1});
  const bool files = command.takes.find("FILE") != std::string_view::npos;
  const bool runs = command.takes.find("RUN") != std::string_view::npos;
  const bool many = command.takes.find("...") != std::string_view::npos || command.takes == "RUN [RUN]";
  std::vector<Candidate> found;
  if (runs && (before.words.empty() || many)) {
    found = Live(environment, before, false);
  } else if (command.takes == "RUN [STEP]" && before.words.size() == 1) {
    found = Live(environment, before, true);
  } else if (command.name == "examples") {
    for (const EmbeddedFile& file : EmbeddedExamples()) {
      found.push_back({std::string(file.name.substr(0, file.name.rfind('.')))});
    }
  } else if (command.name == "completion" || command.name == "config") {
    for (const char* word : {"bash", "zsh", "fish"}) {
      if (command.name == "completion") found.push_back({word});
    }
    if (command.name == "config") found.push_back({"context"});
  }
  return Shown(found, typed, files);
}

}  // namespace

std::string Complete(Environment& environment, const std::vector<Command>& commands,
                     const std::vector<std::string>& words) {
  if (words.empty()) return ":4\n";
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    const auto command = std::ranges::find(commands, words[i], &Command::name);
    if (command != commands.end()) return OfCommand(environment, *command, words);
  }
  std::vector<Candidate> found;
  found.reserve(commands.size());
  for (const Command& command : commands) found.push_back({std::string(command.name), std::string(command.summary)});
  if (words.back().starts_with('-')) found = FlagsOf({});
  return Shown(found, words.back(), false);
}

}  // namespace coreflow::cli
