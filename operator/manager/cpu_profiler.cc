#include "operator/manager/cpu_profiler.h"

#include <condition_variable>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <system_error>
#include <utility>

#include "operator/manager/cpu_profile.h"
#include "operator/manager/cpu_sampler.h"

namespace coreflow::manager {

namespace {

void Wait(const std::stop_token& stop, std::chrono::milliseconds length) {
  std::mutex mu;
  std::unique_lock lock(mu);
  std::condition_variable_any().wait_for(lock, stop, length, [] { return false; });
}

uint64_t CountOf(const StackSamples& samples) {
  uint64_t count = 0;
  for (const auto& [stack, times] : samples.stacks) count += times;
  return count;
}

std::string Taken(CpuSampler& sampler, const logging::Log& log) {
  const StackSamples samples = sampler.Stop();
  log.Info("CPU profile taken",
           {{"samples", std::to_string(CountOf(samples))}, {"lost", std::to_string(samples.lost)}});
  std::ifstream maps("/proc/self/maps");
  return CpuProfile(samples, kSamplePeriod, std::string(std::istreambuf_iterator<char>(maps), {}));
}

}  // namespace

Result<std::stop_source> CpuProfiler::Start(std::chrono::milliseconds length, Client client) {
  if (busy_) return Error{.code = Code::kConflict, .message = "another profile is being taken; try again later"};
  TRY(auto sampler, CpuSampler::Start());
  busy_ = true;
  try {
    // The thread before has nothing more to do than to hand over what it took, if that.
    thread_ = std::jthread(
        [this, length, client = std::move(client), sampler = std::move(sampler)](const std::stop_token& stop) mutable {
          client.begun();
          Wait(stop, length);
          std::string profile = Taken(*sampler, log_);
          sampler.reset();
          busy_ = false;  // before whoever gets it can ask for the next
          client.taken(std::move(profile));
        });
  } catch (const std::system_error& error) {
    busy_ = false;
    return Error{.code = Code::kUnavailable, .message = std::string("no thread for it: ") + error.what()};
  }
  return thread_.get_stop_source();
}

}  // namespace coreflow::manager
