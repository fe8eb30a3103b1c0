#include "pkg/executor/supervise.h"

#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <span>

#include "pkg/files/descriptor.h"

namespace coreflow::executor {

namespace {

// The child gets the signals' mask that we had. posix_spawn knows whether exec has worked.
Result<pid_t> Start(const std::vector<std::string>& command, const sigset_t& mask, const Printed* printed) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));  // exec's old signature
  arguments.push_back(nullptr);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &mask);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  posix_spawn_file_actions_t descriptors;
  posix_spawn_file_actions_init(&descriptors);
  if (printed) {
    posix_spawn_file_actions_adddup2(&descriptors, printed->out(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&descriptors, printed->err(), STDERR_FILENO);
  }
  pid_t child = 0;
  const int error = posix_spawnp(&child, arguments[0], &descriptors, &attributes, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&descriptors);
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
bool CameToBoth(const signalfd_siginfo& signal, pid_t child) {
  const bool terminals = signal.ssi_signo == SIGINT || signal.ssi_signo == SIGQUIT || signal.ssi_signo == SIGTSTP ||
                         signal.ssi_signo == SIGWINCH;
  return terminals && signal.ssi_code == SI_KERNEL && getpgid(child) == getpgrp();
}

// Where nobody reads from us any more, or a file may not grow.
bool RaisedByWriting(const signalfd_siginfo& signal) {
  const bool writes = signal.ssi_signo == SIGPIPE || signal.ssi_signo == SIGXFSZ;
  return writes && signal.ssi_pid == static_cast<uint32_t>(getpid());
}

// Of one signal that has come, if one has; the end of the child if it tells of that.
std::optional<Ended> TakeSignal(const files::Descriptor& signals, pid_t child) {
  signalfd_siginfo signal = {};
  if (read(signals.get(), &signal, sizeof signal) != sizeof signal) return std::nullopt;
  if (signal.ssi_signo == SIGCHLD) return Reap(child);
  if (!CameToBoth(signal, child) && !RaisedByWriting(signal)) kill(child, static_cast<int>(signal.ssi_signo));
  return std::nullopt;
}

Ended AwaitEnd(const files::Descriptor& signals, pid_t child, Printed* printed) {
  std::optional<Ended> end;
  while (!end) {
    std::array<pollfd, 3> polled = {{{.fd = signals.get(), .events = POLLIN, .revents = 0},
                                     {.fd = -1, .events = 0, .revents = 0},
                                     {.fd = -1, .events = 0, .revents = 0}}};
    if (printed) {
      const Printed::Polled wanted = printed->Wanted();
      polled[1] = wanted[0];
      polled[2] = wanted[1];
    }
    if (poll(polled.data(), polled.size(), -1) < 0) continue;
    if (polled[0].revents != 0) end = TakeSignal(signals, child);
    if (printed) printed->Move(std::span(polled).subspan(1));
  }
  return *end;
}

}  // namespace

Result<Ended> Supervise(const std::vector<std::string>& command, Printed* printed) {
  sigset_t all;
  sigset_t mask;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &mask);
  // If it came to us ignored, nobody would tell of the child's end.
  std::signal(SIGCHLD, SIG_DFL);
  const files::Descriptor signals(signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals) return files::SystemError("signals", errno);
  TRY(const pid_t child, Start(command, mask, printed));
  if (printed) printed->CommandHasThem();
  const Ended end = AwaitEnd(signals, child, printed);
  if (printed) printed->Drain();
  std::signal(SIGCHLD, SIG_IGN);
  Reap(child);
  return end;
}

}  // namespace coreflow::executor
