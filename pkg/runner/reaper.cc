#include "pkg/runner/reaper.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "pkg/base/check.h"

namespace coreflow::runner {

namespace {

int ExitCode(int handle) {
  siginfo_t info = {};
  waitid(static_cast<idtype_t>(P_PIDFD), static_cast<id_t>(handle), &info, WEXITED);
  return info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
}

}  // namespace

int WaitForEnd(const Process& process) {
  const int code = ExitCode(process.handle);
  close(process.handle);
  return code;
}

Reaper::Reaper(Loop& loop) : loop_(loop), wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  CHECK(wake_ >= 0, "an eventfd can be made");
  thread_ = std::thread([this] { Run(); });
}

Reaper::~Reaper() {
  Stop();
  for (const auto& [handle, ended] : processes_) close(handle);
  close(wake_);
}

void Reaper::Stop() {
  {
    const std::lock_guard lock(mu_);
    stopping_ = true;
  }
  Wake();
  if (thread_.joinable()) thread_.join();
}

void Reaper::WaitForAll() {
  Stop();
  for (const auto& [handle, ended] : processes_) {
    ExitCode(handle);
    close(handle);
  }
  processes_.clear();
}

void Reaper::Watch(const Process& process, Ended ended) {
  {
    const std::lock_guard lock(mu_);
    processes_.emplace(process.handle, std::move(ended));
  }
  Wake();
}

void Reaper::Wake() {
  const uint64_t one = 1;
  const ssize_t ignored = write(wake_, &one, sizeof one);
  static_cast<void>(ignored);
}

void Reaper::Run() {
  for (;;) {
    std::vector<pollfd> files{{.fd = wake_, .events = POLLIN, .revents = 0}};
    {
      const std::lock_guard lock(mu_);
      if (stopping_) return;
      for (const auto& [handle, ended] : processes_) files.push_back({.fd = handle, .events = POLLIN, .revents = 0});
    }
    poll(files.data(), files.size(), -1);
    uint64_t count = 0;
    const ssize_t ignored = read(wake_, &count, sizeof count);
    static_cast<void>(ignored);
    for (size_t i = 1; i < files.size(); ++i) {
      if (files[i].revents == 0) continue;
      const int code = ExitCode(files[i].fd);
      Ended ended;
      {
        const std::lock_guard lock(mu_);
        ended = std::move(processes_.extract(files[i].fd).mapped());
      }
      close(files[i].fd);
      loop_.Post([ended = std::move(ended), code] { ended(code); });
    }
  }
}

}  // namespace coreflow::runner
