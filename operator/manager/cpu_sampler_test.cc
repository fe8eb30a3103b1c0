#include "operator/manager/cpu_sampler.h"

#include <gmock/gmock.h>
#include <link.h>
#include <signal.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <thread>

namespace coreflow::manager {
namespace {

using testing::Ge;
using testing::Gt;
using testing::IsEmpty;

constexpr std::chrono::milliseconds kLong{300};  // some 30 ticks

std::chrono::nanoseconds UsedByThread() {
  timespec used = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

// Uses so much CPU time, and says where it returns to: so its caller is known in stacks.
[[gnu::noinline]] uintptr_t Burn(std::chrono::nanoseconds time) {
  const auto end = UsedByThread() + time;
  std::atomic<int> turns = 0;
  while (UsedByThread() < end) {
    for (int i = 0; i < 10'000; ++i) ++turns;
  }
  return reinterpret_cast<uintptr_t>(__builtin_return_address(0));
}

uint64_t CountOf(const StackSamples& samples, uintptr_t caller) {
  uint64_t count = 0;
  for (const auto& [stack, times] : samples.stacks) {
    if (std::ranges::find(stack, caller) != stack.end()) count += times;
  }
  return count;
}

TEST(CpuSampler, FindsTheCodeThatUsesTheTimeAndItsCallers) {
  auto sampler = CpuSampler::Start();
  ASSERT_TRUE(sampler);
  const uintptr_t caller = Burn(kLong);
  const StackSamples samples = (*sampler)->Stop();
  EXPECT_THAT(CountOf(samples, caller), Ge(5U));
  EXPECT_EQ(samples.lost, 0U);
  for (const auto& [stack, times] : samples.stacks) EXPECT_NE(stack.front(), caller) << "the caller itself doesn't run";
}

TEST(CpuSampler, SeesOtherThreads) {
  auto sampler = CpuSampler::Start();
  ASSERT_TRUE(sampler);
  uintptr_t caller = 0;
  std::jthread([&] { caller = Burn(kLong); }).join();
  EXPECT_THAT(CountOf((*sampler)->Stop(), caller), Ge(5U));
}

// An unwinder that asks the dynamic loader for its list waits for this thread, and this one for that.
TEST(CpuSampler, IsNotHeldUpByAThreadInTheDynamicLoader) {
  auto sampler = CpuSampler::Start();
  ASSERT_TRUE(sampler);
  std::jthread in_loader([](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      dl_iterate_phdr([](dl_phdr_info*, size_t, void*) { return Burn(std::chrono::microseconds(100)) == 0 ? 1 : 0; },
                      nullptr);
    }
  });
  const uintptr_t caller = Burn(kLong);
  EXPECT_THAT(CountOf((*sampler)->Stop(), caller), Gt(0U));
}

TEST(CpuSampler, WhatThereIsNoRoomForIsCounted) {
  auto sampler = CpuSampler::Start(1);
  ASSERT_TRUE(sampler);
  raise(SIGPROF);
  const StackSamples samples = (*sampler)->Stop();
  EXPECT_THAT(samples.stacks, IsEmpty());
  EXPECT_THAT(samples.lost, Ge(1U));
}

TEST(CpuSampler, ATickLeavesErrnoAndComesLateWithoutHarm) {
  auto sampler = CpuSampler::Start();
  ASSERT_TRUE(sampler);
  errno = ERANGE;
  raise(SIGPROF);
  EXPECT_EQ(errno, ERANGE);
  EXPECT_FALSE((*sampler)->Stop().stacks.empty());
  raise(SIGPROF);
  auto next = CpuSampler::Start();
  ASSERT_TRUE(next);
  raise(SIGPROF);
  EXPECT_FALSE((*next)->Stop().stacks.empty());
}

}  // namespace
}  // namespace coreflow::manager
