#include "pkg/kubeconfig/run_program.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "pkg/kubeconfig/test_directory.h"

namespace coreflow::kubeconfig {
namespace {

const std::vector<std::string> kEnvironment = {"PATH=/usr/bin:/bin"};

std::string Show(const Result<Outcome>& outcome) {
  if (!outcome) return std::string(CodeName(outcome.error().code)) + ": " + outcome.error().message;
  return std::to_string(outcome->exit_status) + " <" + outcome->output + "> <" + outcome->errors + ">";
}

Program Shell(std::string script) {
  return {.command = "/bin/sh", .args = {"-c", std::move(script)}, .environment = kEnvironment};
}

// A zombie, which nobody has collected yet, is dead.
bool Alive(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string id;
  std::string name;
  std::string state;
  return (file >> id >> name >> state) && state != "Z" && state != "X";
}

TEST(RunProgram, GivesBackWhatItDid) {
  EXPECT_EQ(Show(RunProgram(Shell("echo out; echo err >&2; exit 3"))), "3 <out\n> <err\n>");
  EXPECT_EQ(Show(RunProgram(Shell("kill -TERM $$"))), "143 <> <>");
  EXPECT_EQ(Show(RunProgram(Shell("cat"))), "0 <> <>");  // nothing on stdin
  EXPECT_EQ(Show(RunProgram({.command = "echo", .args = {"$HOME", "a b", "; ls"}, .environment = kEnvironment})),
            "0 <$HOME a b ; ls\n> <>");
  EXPECT_EQ(Show(RunProgram({.command = "/usr/bin/env", .environment = {"A=b c"}})), "0 <A=b c\n> <>");
}

TEST(RunProgram, SaysWhyItCantStart) {
  EXPECT_EQ(Show(RunProgram({.command = "/nonexistent/plugin"})),
            "NotFound: can't run /nonexistent/plugin: No such file or directory");
  EXPECT_EQ(Show(RunProgram({.command = "coreflow-no-such-plugin"})),
            "NotFound: can't run coreflow-no-such-plugin: No such file or directory");
  EXPECT_EQ(Show(RunProgram({.command = "/etc/passwd"})), "Invalid: can't run /etc/passwd: Permission denied");
}

TEST(RunProgram, EndsWhatTakesTooLongWithAllItStarted) {
  TestDirectory directory;
  Program program = Shell("sleep 1000 & echo $! > " + directory.Path("pid") + "; wait");
  program.timeout = std::chrono::milliseconds(1500);
  EXPECT_EQ(Show(RunProgram(program)), "Unavailable: /bin/sh did not end within 1500 ms");
  int pid = std::stoi(directory.Read("pid"));
  for (int i = 0; i < 100'000 && Alive(pid); ++i) {
  }
  EXPECT_FALSE(Alive(pid));
}

TEST(RunProgram, DoesNotWaitForWhatStaysInTheBackground) {
  Program program = Shell("sleep 1000 & echo done");
  EXPECT_EQ(Show(RunProgram(program)), "0 <done\n> <>");
}

TEST(RunProgram, EndsWhatWritesTooMuch) {
  Program program = Shell("while :; do echo 0123456789012345678901234567890123456789; done");
  program.max_output = 100'000;
  EXPECT_EQ(Show(RunProgram(program)), "Invalid: /bin/sh wrote more than 100000 bytes");
  program = Shell("head -c 500000 /dev/zero | tr '\\0' x");
  auto outcome = RunProgram(program);
  ASSERT_TRUE(outcome.has_value()) << Show(outcome);
  EXPECT_EQ(outcome->output, std::string(500'000, 'x'));
}

TEST(RunProgram, KeepsTheFirstKibibyteOfErrors) {
  auto outcome = RunProgram(Shell("head -c 300000 /dev/zero | tr '\\0' e >&2"));
  ASSERT_TRUE(outcome.has_value()) << Show(outcome);
  EXPECT_EQ(outcome->errors, std::string(1024, 'e'));
}

TEST(RunProgram, LeavesItNoOpenFileOfOurs) {
  int leaked = ::dup2(STDIN_FILENO, 99);  // without close-on-exec, as some libraries open sockets
  auto outcome = RunProgram(Shell("for f in /proc/self/fd/*; do echo ${f##*/}; done"));
  ::close(leaked);
  ASSERT_TRUE(outcome.has_value()) << Show(outcome);
  EXPECT_EQ(outcome->output.find("\n99\n"), std::string::npos) << outcome->output;
  EXPECT_EQ(leaked, 99);
}

}  // namespace
}  // namespace coreflow::kubeconfig
