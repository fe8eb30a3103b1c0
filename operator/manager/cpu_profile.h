#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "operator/manager/cpu_sampler.h"

namespace coreflow::manager {

// Samples as `google-pprof` and `go tool pprof` read them: the CPU profile of gperftools, in words of this machine.
// `maps` is /proc/PID/maps of the process, which tells those tools what stands at which address.
// Source: https://gperftools.github.io/gperftools/cpuprofile-fileformat.html
std::string CpuProfile(const StackSamples& samples, std::chrono::microseconds period, std::string_view maps);

}  // namespace coreflow::manager
