#include "pkg/cli/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "pkg/base/build_info.h"
#include "pkg/base/closest.h"
#include "pkg/cli/exit_code.h"
#include "pkg/cli/help.h"

namespace coreflow::cli {

namespace {

const Flag kHelp{.name = "help", .letter = 'h'};

std::string Spelling(const Flag& flag) {
  return flag.letter != 0 ? fmt::format("-{},--{}", flag.letter, flag.name) : fmt::format("--{}", flag.name);
}

std::string NearestFlag(const std::string& word, const Command* command) {
  std::vector<std::string> names = {"--help"};
  for (const Flag& flag : GlobalFlags()) names.push_back(fmt::format("--{}", flag.name));
  if (command) {
    for (const Flag& flag : command->flags) names.push_back(fmt::format("--{}", flag.name));
  }
  return DidYouMean(word, {names.begin(), names.end()});
}

// CLI11 would take the equals sign of -o=json as part of the value.
std::vector<std::string> WithoutShortEquals(const std::vector<std::string>& arguments) {
  std::vector<std::string> split;
  bool flags = true;
  for (const std::string& word : arguments) {
    if (word == "--") flags = false;
    const bool short_flag = flags && word.size() > 2 && word[0] == '-' && word[1] != '-' && word[2] == '=';
    split.push_back(short_flag ? word.substr(0, 2) : word);
    if (short_flag) split.push_back(word.substr(3));
  }
  return split;
}

// What is wrong with a flag's value; empty when nothing is.
std::string Fault(const Flag& flag, const std::string& value) {
  const auto must = [&](const std::string& what) {
    return fmt::format("--{} must be {}, not \"{}\"", flag.name, what, value);
  };
  if (flag.kind == FlagKind::kNumber) {
    const bool digits = !value.empty() && value.size() < 19 && std::ranges::all_of(value, ::isdigit);
    if (!digits) return must("a number");
  }
  if (flag.kind == FlagKind::kDuration && !ParseDuration(value)) return must("a time such as 90s, 10m or 1h30m");
  const bool known = std::ranges::any_of(flag.choices, [&](std::string_view choice) {
    return choice.ends_with('=') ? value.starts_with(choice) : value == choice;
  });
  if (flag.choices.empty() || known) return "";
  return must(fmt::format("one of {}", fmt::join(flag.choices, ", "))) + DidYouMean(value, flag.choices);
}

// One app of CLI11 for one command: what it takes, and what it found.
class Parser {
 public:
  Parser(const std::string& program, const Command& command) : program_(program), command_(command) {
    app_.set_help_flag();
    app_.allow_extras();
    for (const Flag& flag : GlobalFlags()) Add(flag);
    for (const Flag& flag : command.flags) Add(flag);
    Add(kHelp);
    app_.add_option("words", words_)->allow_extra_args(true);
  }

  std::variant<Call, Exit> Parse(std::vector<std::string> arguments) {
    arguments = WithoutShortEquals(arguments);
    std::ranges::reverse(arguments);  // CLI11 takes them from the end
    try {
      app_.parse(std::move(arguments));
    } catch (const CLI::ParseError& error) {
      return Wrong({error.what()});
    }
    if (app_.get_option("--help")->count() > 0) return Exit{.out = HelpOf(program_, command_)};
    std::vector<std::string> faults;
    for (const std::string& word : app_.remaining()) {
      const std::string name = word.substr(0, word.find('='));
      faults.push_back(fmt::format("unknown flag {}{}", name, NearestFlag(name, &command_)));
    }
    Call call{.command = &command_, .arguments = {.words = std::move(words_)}};
    for (const auto& [flag, option, values] : options_) {
      if (option->count() == 0) continue;
      for (const std::string& value : *values) {
        if (auto fault = Fault(*flag, value); !fault.empty()) faults.push_back(std::move(fault));
      }
      call.arguments.flags[std::string(flag->name)] = *values;
    }
    if (call.arguments.All("context").size() > 1 && !command_.several_contexts) {
      faults.push_back(fmt::format("{} is about one cluster, so --context is given once", command_.name));
    }
    if (faults.empty()) CountWords(call.arguments, faults);
    if (!faults.empty()) return Wrong(faults);
    return call;
  }

 private:
  struct Taken {
    const Flag* flag;
    CLI::Option* option;
    std::shared_ptr<std::vector<std::string>> values;
  };

  void Add(const Flag& flag) {
    auto values = std::make_shared<std::vector<std::string>>();
    CLI::Option* option = nullptr;
    if (flag.kind == FlagKind::kSwitch) {
      option = app_.add_flag(Spelling(flag));
    } else {
      option = app_.add_option(Spelling(flag), *values)->allow_extra_args(false)->expected(1);
      option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    }
    options_.push_back({&flag, option, std::move(values)});
  }

  void CountWords(const Arguments& arguments, std::vector<std::string>& faults) const {
    const size_t count = arguments.words.size();
    if (count < command_.least) {
      faults.push_back(fmt::format("{} needs {}", command_.name, command_.takes));
    } else if (count > command_.most) {
      faults.push_back(fmt::format("unexpected argument {}", arguments.words[command_.most]));
    }
  }

  Exit Wrong(const std::vector<std::string>& faults) const {
    Exit exit{.code = kWrongUse};
    for (const std::string& fault : faults) exit.err += fmt::format("{}: {}\n", program_, fault);
    exit.err += fmt::format("Run '{} {} --help' for what there is.\n", program_, command_.name);
    return exit;
  }

  const std::string& program_;
  const Command& command_;
  CLI::App app_;
  std::vector<std::string> words_;
  std::vector<Taken> options_;
};

// Where the command's name stands: the first word that is neither a flag nor the value of one.
size_t FindCommand(const std::vector<std::string>& arguments) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (!word.starts_with('-') || word == "-") return i;
    if (word.find('=') != std::string::npos) continue;
    for (const Flag& flag : GlobalFlags()) {
      const bool letter = flag.letter != 0 && word == fmt::format("-{}", flag.letter);
      const bool named = letter || word == fmt::format("--{}", flag.name);
      if (named && flag.kind != FlagKind::kSwitch) ++i;
    }
  }
  return arguments.size();
}

Exit Without(const std::string& program, const std::vector<Command>& commands,
             const std::vector<std::string>& arguments) {
  for (const std::string& word : arguments) {
    if (word == "--version") return {.out = fmt::format("coreflow {} (revision {})\n", Version(), Revision())};
    if (word == "-h" || word == "--help") return {.out = Overview(program, commands)};
  }
  if (arguments.empty()) return {.out = Overview(program, commands)};
  const std::string& word = arguments.front();
  return {.code = kWrongUse,
          .err = fmt::format("{0}: a command is missing{1}\nRun '{0} --help' for what there is.\n", program,
                             NearestFlag(word.substr(0, word.find('=')), nullptr))};
}

}  // namespace

const std::vector<Flag>& GlobalFlags() {
  static const std::vector<Flag> kFlags = {
      {.name = "namespace",
       .letter = 'n',
       .kind = FlagKind::kText,
       .placeholder = "NAME",
       .help = "where to look; else the context's namespace"},
      {.name = "context",
       .kind = FlagKind::kList,
       .placeholder = "NAME",
       .help = "context of the kubeconfig; list, watch and why take several"},
      {.name = "kubeconfig",
       .kind = FlagKind::kText,
       .placeholder = "FILE",
       .help = "else $KUBECONFIG, ~/.kube/config, or the pod's own account"},
      {.name = "as", .kind = FlagKind::kText, .placeholder = "USER", .help = "act as this user"},
      {.name = "as-group",
       .kind = FlagKind::kList,
       .placeholder = "GROUP",
       .help = "and as one of this group; may be repeated"},
      {.name = "color",
       .kind = FlagKind::kText,
       .placeholder = "WHEN",
       .help = "words of states in colours; auto: on a terminal, as NO_COLOR and CLICOLOR_FORCE say",
       .choices = {"auto", "always", "never"}},
  };
  return kFlags;
}

std::variant<Call, Exit> ParseCommandLine(const std::string& program, const std::vector<Command>& commands,
                                          std::vector<std::string> arguments) {
  const size_t at = FindCommand(arguments);
  if (at == arguments.size()) return Without(program, commands, arguments);
  const std::string name = arguments[at];
  arguments.erase(arguments.begin() + static_cast<std::ptrdiff_t>(at));
  if (name == "help" && at == arguments.size()) return Exit{.out = Overview(program, commands)};
  if (name == "help") return ParseCommandLine(program, commands, {arguments.back(), "--help"});
  const auto command = std::ranges::find(commands, name, &Command::name);
  if (command != commands.end()) return Parser(program, *command).Parse(std::move(arguments));
  std::vector<std::string_view> names;
  for (const Command& known : commands) names.push_back(known.name);
  return Exit{.code = kWrongUse,
              .err = fmt::format("{0}: there is no command {1}{2}\nRun '{0} --help' for what there is.\n", program,
                                 name, DidYouMean(name, names))};
}

}  // namespace coreflow::cli
