#include "pkg/executor/supervise.h"

#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <optional>

#include "pkg/files/descriptor.h"

namespace coreflow::executor {

namespace {

// The child gets the signals' mask that we had. posix_spawn knows whether exec has worked.
Result<pid_t> Start(const std::vector<std::string>& command, const sigset_t& mask) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));  // exec's old signature
  arguments.push_back(nullptr);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &mask);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t child = 0;
  const int error = posix_spawnp(&child, arguments[0], nullptr, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) return files::SystemError(command[0], error);
  return child;
}

int64_t Milliseconds(const timeval& time) { return int64_t{time.tv_sec} * 1000 + time.tv_usec / 1000; }

// Reaps all that has ended; the end of the child if it is among them.
std::optional<Ended> Reap(pid_t child) {
  std::optional<Ended> end;
  int status = 0;
  rusage used = {};
  for (pid_t ended = 0; (ended = wait4(-1, &status, WNOHANG, &used)) > 0;) {
    if (ended != child) continue;
    end = {.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
           .usage = {.cpu_milliseconds = Milliseconds(used.ru_utime) + Milliseconds(used.ru_stime),
                     .peak_memory_bytes = int64_t{used.ru_maxrss} * 1024}};
  }
  return end;
}

// A terminal's keys and its size concern all processes of the group in its foreground.
bool CameToBoth(const siginfo_t& signal, pid_t child) {
  const bool terminals = signal.si_signo == SIGINT || signal.si_signo == SIGQUIT || signal.si_signo == SIGTSTP ||
                         signal.si_signo == SIGWINCH;
  return terminals && signal.si_code == SI_KERNEL && getpgid(child) == getpgrp();
}

}  // namespace

Result<Ended> Supervise(const std::vector<std::string>& command) {
  sigset_t all;
  sigset_t mask;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &mask);
  // If it came to us ignored, nobody would tell of the child's end.
  std::signal(SIGCHLD, SIG_DFL);
  TRY(const pid_t child, Start(command, mask));
  std::optional<Ended> end;
  while (!end) {
    siginfo_t signal = {};
    if (sigwaitinfo(&all, &signal) < 0) continue;
    if (signal.si_signo == SIGCHLD) {
      end = Reap(child);
    } else if (!CameToBoth(signal, child)) {
      kill(child, signal.si_signo);
    }
  }
  std::signal(SIGCHLD, SIG_IGN);
  Reap(child);
  return *end;
}

}  // namespace coreflow::executor
