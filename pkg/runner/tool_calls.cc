#include "pkg/runner/tool_calls.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <utility>

#include "pkg/base/check.h"

namespace coreflow::runner {

namespace {

constexpr int kNotStarted = 127;

// A file in memory for what a program says.
class Heard {
 public:
  Heard() : file_(memfd_create("heard", MFD_CLOEXEC)) { CHECK(file_ >= 0, "a file in memory can be made"); }
  ~Heard() { close(file_); }
  Heard(const Heard&) = delete;
  Heard& operator=(const Heard&) = delete;

  std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }
  std::string Text() const {
    std::string text;
    std::array<char, 4096> buffer;
    for (;;) {
      const ssize_t got = pread(file_, buffer.data(), buffer.size(), static_cast<off_t>(text.size()));
      if (got <= 0) return text;
      text.append(buffer.data(), static_cast<size_t>(got));
    }
  }

 private:
  const int file_;
};

struct Outputs {
  Heard out;
  Heard error;

  ToolCalls::Answer With(int exit_code) const {
    return {.exit_code = exit_code, .out = out.Text(), .error = error.Text()};
  }
};

}  // namespace

ToolCalls::~ToolCalls() { KillAll(); }

Launch ToolCalls::LaunchOf(std::vector<std::string> arguments) const {
  Launch launch{.command = {program_}, .folder = "/"};
  launch.command.insert(launch.command.end(), std::make_move_iterator(arguments.begin()),
                        std::make_move_iterator(arguments.end()));
  for (char** at = environ; *at != nullptr; ++at) launch.environment.emplace_back(*at);
  return launch;
}

void ToolCalls::Watch(const Process& process, Ended ended) {
  running_.insert(process.pid);
  reaper_.Watch(
      process, [this, pid = process.pid, ended = std::move(ended), alive = std::weak_ptr<bool>(alive_)](int exit_code) {
        if (alive.expired()) return;
        running_.erase(pid);
        ended(exit_code);
      });
}

void ToolCalls::Call(std::vector<std::string> arguments, Answered answered) {
  const auto outputs = std::make_shared<Outputs>();
  Launch launch = LaunchOf(std::move(arguments));
  launch.log = outputs->out.path();
  launch.errors = outputs->error.path();
  const auto process = Start(launch);
  if (process) {
    return Watch(*process,
                 [outputs, answered = std::move(answered)](int exit_code) { answered(outputs->With(exit_code)); });
  }
  loop_.Post([answered = std::move(answered), message = process.error().message, alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.expired()) answered({.exit_code = kNotStarted, .error = message});
  });
}

Result<void> ToolCalls::Follow(std::vector<std::string> arguments, std::vector<std::string> variables,
                               const std::string& log, Ended ended) {
  Launch launch = LaunchOf(std::move(arguments));
  launch.log = log;
  launch.environment.insert(launch.environment.end(), variables.begin(), variables.end());
  TRY(const Process process, Start(launch));
  Watch(process, std::move(ended));
  return {};
}

ToolCalls::Answer ToolCalls::CallNow(std::vector<std::string> arguments) const {
  const Outputs outputs;
  Launch launch = LaunchOf(std::move(arguments));
  launch.log = outputs.out.path();
  launch.errors = outputs.error.path();
  const auto process = Start(launch);
  if (!process) return {.exit_code = kNotStarted, .error = process.error().message};
  return outputs.With(WaitForEnd(*process));
}

void ToolCalls::KillAll() {
  alive_.reset();
  for (const pid_t pid : running_) kill(pid, SIGKILL);
  running_.clear();
  reaper_.WaitForAll();
}

}  // namespace coreflow::runner
