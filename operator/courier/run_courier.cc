#include "operator/courier/run_courier.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "operator/courier/command_line.h"
#include "operator/signals/signals.h"
#include "pkg/courier/fetch.h"
#include "pkg/courier/output_server.h"
#include "pkg/files/descriptor.h"

namespace coreflow::courier {
namespace {

constexpr int kUsageExit = 2;
constexpr int kStoppedExit = 143;

void Say(const std::string& line) { std::fprintf(stderr, "coreflow-courier: %s\n", line.c_str()); }

// Also where the kubelet looks for it, if that is there.
int Fail(const CommandLine& line, const Error& error) {
  Say(error.message);
  const files::Descriptor log(::open(line.termination_log.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC));
  if (log) static_cast<void>(files::WriteAll(log, error.message + "\n", line.termination_log));
  return 1;
}

int RunFetch(const CommandLine& line, const artifact::CourierJob& job, const std::stop_token& stop) {
  // There is nothing to put in order: the next try replaces what this one leaves.
  const std::stop_callback ended(stop, [] { _exit(kStoppedExit); });
  const auto fetched = Fetch(job, {.volume = line.volume,
                                   .executor = line.executor,
                                   .sleep = [](Duration wait) { std::this_thread::sleep_for(wait); },
                                   .report = [](const std::string& why) { Say(why + "; trying again"); }});
  return fetched ? 0 : Fail(line, fetched.error());
}

int RunServe(const CommandLine& line, const artifact::CourierJob& job, const std::stop_token& stop) {
  const std::string path = line.volume + "/" + artifact::kRunFolder + "/" + artifact::kSocket;
  const auto server = OutputServer::Start(job, path, Say);
  if (!server) return Fail(line, server.error());
  Say("takes artifacts at " + path);
  std::mutex mu;
  std::condition_variable_any never;
  std::unique_lock lock(mu);
  never.wait(lock, stop, [] { return false; });
  return 0;
}

}  // namespace

int RunCourier(const std::vector<std::string>& arguments, const std::string& executor) {
  const Signals signals;  // first: as process 1 of a container it would miss a signal that nobody handles yet
  auto line = ReadCommandLine(arguments);
  if (!line) {
    Say(line.error().message);
    std::fputs(kUsage, stderr);
    return kUsageExit;
  }
  if (line->command == CommandLine::Command::kHelp) {
    std::fputs(kUsage, stdout);
    return 0;
  }
  if (line->executor.empty()) line->executor = executor;
  const char* text = std::getenv(artifact::kJobVariable);
  const auto job = artifact::ReadCourierJob(text != nullptr ? text : "");
  if (!job) return Fail(*line, job.error());
  return line->command == CommandLine::Command::kFetch ? RunFetch(*line, *job, signals.Stop())
                                                       : RunServe(*line, *job, signals.Stop());
}

}  // namespace coreflow::courier
