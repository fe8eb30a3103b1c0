#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/sim/play.h"

namespace coreflow::sim {
namespace {

int64_t FromEnvironment(const char* name, int64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoll(text, nullptr, 10) : otherwise;
}

#ifdef NDEBUG
constexpr int64_t kSeeds = 2000;
#else
constexpr int64_t kSeeds = 25;  // sanitizers take their time
#endif
// So often everything must befall pods in each phase. Fewer seeds than CI's say nothing about it.
constexpr int kLeastStrikes = 20;
constexpr int64_t kEnoughSeeds = 2000;

TEST(SimTest, EveryPromiseIsKeptWhateverFails) {
  const int64_t only = FromEnvironment("COREFLOW_SEED", 0);
  if (only > 0) {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    const std::string report = Play(static_cast<uint64_t>(only), true).report;
    EXPECT_TRUE(report.empty()) << report.substr(0, report.find("The end of the story"));
    return;
  }
  const int64_t seeds = FromEnvironment("COREFLOW_SEEDS", kSeeds);
  const int64_t first = FromEnvironment("COREFLOW_FIRST_SEED", 1);
  const auto began = std::chrono::steady_clock::now();
  const bool to_first = FromEnvironment("COREFLOW_TO_FIRST_FAILURE", 0) > 0;
  std::mutex mu;  // guards the four
  Tally tally;
  size_t writes = 0;
  int pods = 0, failed = 0;
  std::atomic<int64_t> next = first;
  // Until there are no more seeds, or one has failed and that is enough.
  const auto play = [&] {
    for (int64_t seed = next++; seed < first + seeds; seed = next++) {
      const Played played = Play(static_cast<uint64_t>(seed));
      const std::lock_guard lock(mu);
      if (!played.report.empty() && ++failed <= 5) ADD_FAILURE() << played.report;
      if (to_first && failed > 0) next = first + seeds;
      tally.Add(played.strikes);
      writes += played.writes;
      pods += played.pods;
    }
  };
  {
    std::vector<std::jthread> players(std::max(1u, std::thread::hardware_concurrency()));
    for (std::jthread& player : players) player = std::jthread(play);
  }
  if (to_first && failed > 0) return;
  EXPECT_EQ(failed, 0) << "seeds broke a promise";
  const auto took = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - began);
  std::printf("%lld seeds, %zu writes, %d pods, %lld s\n%s", static_cast<long long>(seeds), writes, pods,
              static_cast<long long>(took.count()), tally.Table().c_str());
  if (seeds < kEnoughSeeds) return;
  for (const std::string& problem : tally.Problems(kLeastStrikes)) ADD_FAILURE() << problem;
}

}  // namespace
}  // namespace coreflow::sim
