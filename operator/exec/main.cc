#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <ctime>
#include <span>
#include <string>

#include "pkg/base/output_limits.h"
#include "pkg/executor/artifact_sender.h"
#include "pkg/executor/command_line.h"
#include "pkg/executor/message.h"
#include "pkg/executor/outputs.h"
#include "pkg/executor/supervise.h"

namespace coreflow::executor {
namespace {

// As shells and env(1) have them.
constexpr int kWrongUse = 125;
constexpr int kCannotRun = 126;
constexpr int kNoCommand = 127;

void Complain(const std::string& what) {
  const std::string line = "coreflow-exec: " + what + "\n";
  const ssize_t ignored = write(STDERR_FILENO, line.data(), line.size());
  static_cast<void>(ignored);
}

void Sleep(std::chrono::seconds time) {
  timespec left{.tv_sec = time.count(), .tv_nsec = 0};
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

// The exit code.
int Run(const CommandLine& line) {
  const auto end = Supervise(line.command);
  Message message;
  if (end) {
    message = Gather(line, end->code == 0);
    message.usage = end->usage;
  } else {
    Complain(end.error().message);
    message.problem = "the command can't be run: " + end.error().message;
  }
  const auto written = WriteMessage(line.message, message);
  if (!written) Complain(written.error().message);
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
