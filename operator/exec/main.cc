#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <ctime>
#include <optional>
#include <span>
#include <string>

#include "pkg/base/output_limits.h"
#include "pkg/executor/artifact_sender.h"
#include "pkg/executor/command_line.h"
#include "pkg/executor/log_file.h"
#include "pkg/executor/message.h"
#include "pkg/executor/outputs.h"
#include "pkg/executor/printed.h"
#include "pkg/executor/supervise.h"

namespace coreflow::executor {
namespace {

// As shells and env(1) have them.
constexpr int kWrongUse = 125;
constexpr int kCannotRun = 126;
constexpr int kNoCommand = 127;

std::string LineOf(const std::string& what) { return "coreflow-exec: " + what + "\n"; }

void Complain(const std::string& what) {
  const std::string line = LineOf(what);
  const ssize_t ignored = write(STDERR_FILENO, line.data(), line.size());
  static_cast<void>(ignored);
}

void Sleep(std::chrono::milliseconds time) {
  timespec left{.tv_sec = time.count() / 1000, .tv_nsec = time.count() % 1000 * 1'000'000};
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

// With its outputs, which after a failure nobody takes but as words.
Message Gather(CommandLine line, bool succeeded) {
  Message message;
  auto outputs = ReadOutputs(line.outputs);
  const bool large = outputs && !line.large_outputs.empty() && outputs->size() > kMostInlineOutputs;
  if (large && succeeded) {
    line.artifacts.push_back({.name = line.large_outputs, .archive = "None", .path = line.outputs});
  } else if (large) {
    message.outputs = outputs->substr(0, kMostInlineOutputs);
  } else if (outputs) {
    message.outputs = *std::move(outputs);
  } else {
    message.problem = outputs.error().message;
  }
  ArtifactSender sender(line.socket, Sleep);
  SendAll(line.artifacts, sender, &message);
  return message;
}

// A log that can't be kept is no failure of the step: the pod's own says why.
void ComplainOfLog(const std::string& why) { Complain("the log is not kept: " + why); }

Result<Printed> OpenLog(const Log& log) {
  TRY(LogFile file, LogFile::Create(log.path, log.most));
  return Printed::Into(std::move(file));
}

// Hands the log over, and names it in the message, if there is room.
void KeepLog(const CommandLine& line, Printed& printed, Message message) {
  if (const auto finished = printed.Finish(); !finished) return ComplainOfLog(finished.error().message);
  using Sender = ArtifactSender;
  Sender sender(line.socket, Sleep, Sender::kLittlePatience, Sender::kLittlePatience);
  auto stored = sender.Send({.name = line.log->name, .archive = "None", .path = line.log->path});
  if (!stored) return ComplainOfLog(stored.error().message);
  message.artifacts[line.log->name] = *std::move(stored);
  if (FormatMessage(message).size() >= line.message_limit) return ComplainOfLog("its outputs leave no room to name it");
  if (const auto written = WriteMessage(line.message, message); !written) ComplainOfLog(written.error().message);
}

// The exit code.
int Run(const CommandLine& line) {
  std::optional<Printed> printed;
  if (line.log) {
    auto opened = OpenLog(*line.log);
    if (opened) {
      printed = *std::move(opened);
    } else {
      ComplainOfLog(opened.error().message);
    }
  }
  const auto end = Supervise(line.command, printed ? &*printed : nullptr);
  Message message;
  if (end) {
    message = Gather(line, end->code == 0);
    message.usage = end->usage;
  } else {
    Complain(end.error().message);
    if (printed) printed->Add(LineOf(end.error().message));
    message.problem = "the command can't be run: " + end.error().message;
  }
  const auto written = WriteMessage(line.message, message);
  if (!written) Complain(written.error().message);
  // Last: whatever becomes of the log, and if we are killed meanwhile, the step's result is there.
  if (printed && written) KeepLog(line, *printed, std::move(message));
  if (end) return end->code;
  return end.error().code == Code::kNotFound ? kNoCommand : kCannotRun;
}

}  // namespace
}  // namespace coreflow::executor

int main(int count, char** arguments) {
  using namespace coreflow::executor;
  const auto line = ParseCommandLine(std::span(arguments, static_cast<size_t>(count)).subspan(1));
  if (line) return Run(*line);
  Complain(line.error().message);
  return kWrongUse;
}
