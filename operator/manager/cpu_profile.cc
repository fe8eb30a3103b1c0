#include "operator/manager/cpu_profile.h"

#include <cstdint>
#include <initializer_list>

namespace coreflow::manager {

namespace {

void Append(std::string& bytes, std::initializer_list<uintptr_t> words) {
  bytes.append(reinterpret_cast<const char*>(words.begin()), words.size() * sizeof(uintptr_t));
}

}  // namespace

std::string CpuProfile(const StackSamples& samples, std::chrono::microseconds period, std::string_view maps) {
  std::string bytes;
  Append(bytes, {0, 3, 0, static_cast<uintptr_t>(period.count()), 0});  // three words follow: version, period, padding
  for (const auto& [stack, count] : samples.stacks) {
    Append(bytes, {static_cast<uintptr_t>(count), stack.size()});
    for (const uintptr_t address : stack) Append(bytes, {address});
  }
  Append(bytes, {0, 1, 0});  // a sample of nothing is the last
  return bytes.append(maps);
}

}  // namespace coreflow::manager
