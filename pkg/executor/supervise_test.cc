#include "pkg/executor/supervise.h"

#include <gtest/gtest.h>
#include <pty.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <functional>

#include "pkg/base/test_folder.h"

namespace coreflow::executor {
namespace {

// What it gives in a process of its own, since it changes what signals do.
int InChild(const std::function<int()>& run) {
  const pid_t child = fork();
  if (child == 0) {
    setenv("PATH", "/usr/bin:/bin", 1);
    _exit(run());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int CodeOf(const std::string& script) {
  const auto end = Supervise({"sh", "-c", script});
  return end ? end->code : 255;
}

int Supervised(const std::string& script) {
  return InChild([&] { return CodeOf(script); });
}

TEST(Supervise, GivesTheCommandsExitCode) {
  EXPECT_EQ(Supervised("exit 0"), 0);
  EXPECT_EQ(Supervised("exit 3"), 3);
  EXPECT_EQ(Supervised("exit 255"), 255);
}

TEST(Supervise, GivesTheSignalThatKilledTheCommandAsShellsDo) {
  EXPECT_EQ(Supervised("kill -KILL $$"), 128 + SIGKILL);
  EXPECT_EQ(Supervised("kill -SEGV $$"), 128 + SIGSEGV);
}

TEST(Supervise, TellsWhatTheCommandAndItsChildrenTook) {
  EXPECT_EQ(
      InChild([] {
        const auto end = Supervise({"sh", "-c", "sh -c 'head -c 32m /dev/zero | tail -c 32m >/dev/null'; exit 3"});
        const bool memory =
            end->usage.peak_memory_bytes > (32 << 20) && end->usage.peak_memory_bytes < (int64_t{1} << 30);
        const bool cpu = end->usage.cpu_milliseconds > 0 && end->usage.cpu_milliseconds < 600'000;
        return end->code + (memory ? 0 : 10) + (cpu ? 0 : 20);
      }),
      3);
}

TEST(Supervise, SaysWhyACommandCannotRun) {
  const TestFolder folder;
  const std::string file = folder.Write("no-program", "");
  const auto error_of = [&](const std::string& command, Code code, const std::string& message) {
    return InChild([&] {
      const auto ended = Supervise({command});
      return !ended && ended.error() == Error{.code = code, .message = command + ": " + message} ? 0 : 1;
    });
  };
  EXPECT_EQ(error_of("no-such-command", Code::kNotFound, "No such file or directory"), 0);
  EXPECT_EQ(error_of("/nowhere/command", Code::kNotFound, "No such file or directory"), 0);
  EXPECT_EQ(error_of(file, Code::kForbidden, "Permission denied"), 0);
}

TEST(Supervise, GivesTheCommandItsOwnSignalMask) {
  EXPECT_EQ(Supervised("grep -q '^SigBlk:.0*$' /proc/self/status"), 0);
}

TEST(Supervise, HearsOfTheEndThoughChildrenWereIgnored) {
  EXPECT_EQ(InChild([] {
              std::signal(SIGCHLD, SIG_IGN);
              return CodeOf("exit 4");
            }),
            4);
}

// The signals that somebody may send, other than to end or stop a process for good.
TEST(Supervise, HandsEverySignalOn) {
  for (const int number : {SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGPIPE, SIGALRM, SIGTERM, SIGCONT, SIGTSTP,
                           SIGTTIN, SIGTTOU, SIGURG, SIGWINCH, SIGIO, SIGPWR, SIGRTMIN, SIGRTMAX}) {
    // The shell sends it to us, and waits for it to come back.
    const std::string script = "trap 'exit 42' $n; kill -$n $PPID; while :; do sleep 0.01; done";
    EXPECT_EQ(Supervised("n=" + std::to_string(number) + "; " + script), 42) << number;
  }
}

TEST(Supervise, HandsASignalOnThatCameBeforeTheCommand) {
  EXPECT_EQ(InChild([] {
              sigset_t term;
              sigemptyset(&term);
              sigaddset(&term, SIGTERM);
              sigprocmask(SIG_BLOCK, &term, nullptr);
              raise(SIGTERM);
              sigprocmask(SIG_UNBLOCK, &term, nullptr);
              return 0;
            }),
            -SIGTERM);
  EXPECT_EQ(InChild([] {
              std::signal(SIGUSR1, SIG_IGN);
              return CodeOf("trap '' USR1; kill -USR1 $PPID; exit 6");
            }),
            6);
}

TEST(Supervise, ASignalWhileTheCommandEndsDoesNotEndUs) {
  EXPECT_EQ(InChild([] {
              const int code = CodeOf("exit 5");
              raise(SIGTERM);
              raise(SIGPIPE);
              return code;
            }),
            5);
}

// Whether a child of ours has ended and was not reaped.
bool HasZombie() {
  siginfo_t info = {};
  return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
}

TEST(Supervise, ReapsOrphans) {
  EXPECT_EQ(
      InChild([] {
        prctl(PR_SET_CHILD_SUBREAPER, 1);
        // The shell between dies, so its child, and then that one's, become ours. The command looks for them.
        const int code = CodeOf(
            "(sleep 0.01 & sleep 0.01 & sh -c 'sleep 0.01 &') ; sleep 0.05;"
            "for i in 1 2 3 4 5 6 7 8 9; do grep -qs '^State:.Z' $(grep -ls \"^PPid:.$PPID\\$\" /proc/[0-9]*/status)"
            " || exit 7; sleep 0.05; done; exit 8");
        return HasZombie() ? 9 : code;
      }),
      7);
}

TEST(Supervise, ReapsWhatEndsAfterTheCommand) {
  EXPECT_EQ(InChild([] {
              prctl(PR_SET_CHILD_SUBREAPER, 1);
              const int code = CodeOf("(sleep 0.03 &) ; exit 7");
              // Blocks until the last child has ended, and finds none to reap.
              return waitpid(-1, nullptr, 0) == -1 ? code : 9;
            }),
            7);
}

// Reads until the text was there that many times.
void AwaitText(int terminal, const std::string& text, int times) {
  std::string seen;
  std::array<char, 64> buffer{};
  for (int found = 0; found < times;) {
    const ssize_t count = read(terminal, buffer.data(), buffer.size());
    if (count <= 0) return;
    seen.append(buffer.data(), static_cast<size_t>(count));
    for (size_t at = 0; (at = seen.find(text)) != std::string::npos; ++found) seen.erase(0, at + text.size());
  }
}

// Two signals at once may be one for the command, so there are several keys, a new one when the last was heard.
TEST(Supervise, ATerminalsInterruptReachesTheCommandOnce) {
  int terminal = -1;
  const pid_t child = forkpty(&terminal, nullptr, nullptr, nullptr);
  if (child == 0) {
    _exit(
        CodeOf("n=0; trap 'n=$((n+1)); echo heard' INT; trap 'kill $!; exit $n' TERM; sleep 9 & echo ready;"
               "while :; do wait; done"));
  }
  AwaitText(terminal, "ready", 1);
  for (int key = 0; key < 20; ++key) {
    EXPECT_EQ(write(terminal, "\x03", 1), 1);
    AwaitText(terminal, "heard", 1);
  }
  usleep(20'000);
  kill(child, SIGTERM);
  int status = 0;
  waitpid(child, &status, 0);
  close(terminal);
  EXPECT_EQ(WEXITSTATUS(status), 20);
}

}  // namespace
}  // namespace coreflow::executor
