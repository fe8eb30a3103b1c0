#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "pkg/base/loop.h"
#include "pkg/base/result.h"
#include "pkg/runner/reaper.h"

namespace coreflow::runner {

// Calls of one program of this machine, with this process's environment. On the loop's thread, which outlives it.
class ToolCalls {
 public:
  // What a call came to. A program that can't be started has ended with 127, and says why.
  struct Answer {
    int exit_code = 0;
    std::string out = {};
    std::string error = {};
  };
  using Answered = std::function<void(const Answer& answer)>;
  using Ended = std::function<void(int exit_code)>;

  // `program` is found on the PATH.
  ToolCalls(Loop& loop, std::string program) : loop_(loop), program_(std::move(program)), reaper_(loop) {}
  // As KillAll.
  ~ToolCalls();
  ToolCalls(const ToolCalls&) = delete;
  ToolCalls& operator=(const ToolCalls&) = delete;

  const std::string& program() const { return program_; }

  // Calls `answered` once, later.
  void Call(std::vector<std::string> arguments, Answered answered);
  // With both outputs appended to the file `log` and these variables on top. Calls `ended` once, later.
  Result<void> Follow(std::vector<std::string> arguments, std::vector<std::string> variables, const std::string& log,
                      Ended ended);
  // Waits for it.
  Answer CallNow(std::vector<std::string> arguments) const;

  // Kills all calls that are under way, and waits until they have ended; none is answered. From then on there are only
  // calls that are waited for.
  void KillAll();

 private:
  Launch LaunchOf(std::vector<std::string> arguments) const;
  void Watch(const Process& process, Ended ended);

  Loop& loop_;
  const std::string program_;
  std::set<pid_t> running_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  Reaper reaper_;
};

}  // namespace coreflow::runner
