#include "pkg/cli/command_line.h"

#include <gtest/gtest.h>

namespace coreflow::cli {
namespace {

Result<int> Nothing(Environment&, const Arguments&) { return 0; }

const std::vector<Command>& TestCommands() {
  static const std::vector<Command> kCommands = {
      {.name = "run",
       .takes = "FILE",
       .least = 1,
       .most = 1,
       .summary = "Runs.",
       .details = "More.",
       .example = "coreflow run a.yaml -p a=1",
       .flags = {{.name = "parameter", .letter = 'p', .kind = FlagKind::kList, .placeholder = "K=V", .help = "a value"},
                 {.name = "tail", .kind = FlagKind::kNumber, .placeholder = "N", .help = "lines"},
                 {.name = "timeout", .kind = FlagKind::kDuration, .placeholder = "TIME", .help = "how long"},
                 {.name = "wait", .help = "wait"}},
       .run = Nothing},
      {.name = "list", .summary = "Lists.", .example = "coreflow list", .run = Nothing}};
  return kCommands;
}

std::variant<Call, Exit> Parse(std::vector<std::string> arguments) {
  return ParseCommandLine("coreflow", TestCommands(), std::move(arguments));
}

// The reason for an exit, without the line that points to --help.
std::string Fault(std::vector<std::string> arguments) {
  const auto parsed = Parse(std::move(arguments));
  const auto* exit = std::get_if<Exit>(&parsed);
  if (exit == nullptr) return "no fault";
  EXPECT_EQ(exit->code, 2);
  return exit->err.substr(0, exit->err.find("Run 'coreflow"));
}

TEST(ParseCommandLine, TakesFlagsBeforeAndAfterTheCommandAndBetweenWords) {
  const auto parsed = Parse({"-n", "ci", "run", "-p", "a=1", "x.yaml", "--wait", "-p=b=-2", "--tail", "5"});
  const auto* call = std::get_if<Call>(&parsed);
  ASSERT_NE(call, nullptr) << std::get<Exit>(parsed).err;
  EXPECT_EQ(call->command->name, "run");
  EXPECT_EQ(call->arguments.words, std::vector<std::string>{"x.yaml"});
  EXPECT_EQ(call->arguments.All("parameter"), (std::vector<std::string>{"a=1", "b=-2"}));
  EXPECT_EQ(call->arguments.Text("namespace"), "ci");
  EXPECT_EQ(call->arguments.Number("tail"), 5);
  EXPECT_TRUE(call->arguments.Has("wait"));
  EXPECT_FALSE(call->arguments.Has("timeout"));
}

TEST(ParseCommandLine, ADashIsAWord) {
  const auto parsed = Parse({"run", "-"});
  ASSERT_TRUE(std::holds_alternative<Call>(parsed));
  EXPECT_EQ(std::get<Call>(parsed).arguments.words, std::vector<std::string>{"-"});
}

TEST(ParseCommandLine, SaysEverythingThatIsWrongAtOnce) {
  EXPECT_EQ(Fault({"run", "a", "--waait", "--tail=-1", "--timeout=soon"}),
            "coreflow: unknown flag --waait; did you mean \"--wait\"?\n"
            "coreflow: --tail must be a number, not \"-1\"\n"
            "coreflow: --timeout must be a time such as 90s, 10m or 1h30m, not \"soon\"\n");
}

TEST(ParseCommandLine, CountsWords) {
  EXPECT_EQ(Fault({"run"}), "coreflow: run needs FILE\n");
  EXPECT_EQ(Fault({"run", "a", "b"}), "coreflow: unexpected argument b\n");
}

TEST(ParseCommandLine, AFlagWithoutItsValueIsSaid) { EXPECT_NE(Fault({"run", "a", "-p"}), "no fault"); }

TEST(ParseCommandLine, AMissingCommandIsSaid) {
  EXPECT_EQ(Fault({"--namespce=x"}), "coreflow: a command is missing; did you mean \"--namespace\"?\n");
  EXPECT_EQ(Fault({"lits"}), "coreflow: there is no command lits; did you mean \"list\"?\n");
}

TEST(ParseCommandLine, HelpHasAnExampleInTheUsersWords) {
  for (const auto& arguments : {std::vector<std::string>{"run", "--help"}, {"help", "run"}, {"run", "-h"}}) {
    const auto parsed = ParseCommandLine("kubectl coreflow", TestCommands(), arguments);
    const auto* exit = std::get_if<Exit>(&parsed);
    ASSERT_NE(exit, nullptr);
    EXPECT_EQ(exit->code, 0);
    EXPECT_TRUE(
        exit->out.starts_with("Runs.\n\nUsage:\n  kubectl coreflow run FILE [flags]\n\nMore.\n\nExample:\n"
                              "  kubectl coreflow run a.yaml -p a=1\n\nFlags:\n  -p, --parameter=K=V   a "
                              "value\n"))
        << exit->out;
  }
}

}  // namespace
}  // namespace coreflow::cli
