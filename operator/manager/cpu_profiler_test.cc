#include "operator/manager/cpu_profiler.h"

#include <gmock/gmock.h>

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace coreflow::manager {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Lines final : public logging::Sink {
 public:
  void Write(logging::Level, std::string_view line) override { lines.emplace_back(line); }
  std::vector<std::string> lines;
};

// Somebody who waits for a profile.
struct Waiter {
  bool begun = false;
  std::promise<bool> taken = {};  // whether it had begun, and there is something

  CpuProfiler::Client Client() {
    return {.begun = [this] { begun = true; },
            .taken = [this](const std::string& profile) { taken.set_value(begun && !profile.empty()); }};
  }
  bool Await() { return taken.get_future().get(); }
};

TEST(CpuProfiler, EndsByItselfAndTakesTheNext) {
  const auto sink = std::make_shared<Lines>();
  CpuProfiler profiler(logging::Log(sink, logging::Level::kInfo));
  for (int i = 0; i < 2; ++i) {
    Waiter waiter;
    ASSERT_TRUE(profiler.Start(std::chrono::milliseconds(1), waiter.Client()));
    EXPECT_TRUE(waiter.Await());
  }
  const auto said = HasSubstr(R"("msg":"CPU profile taken","samples":")");
  EXPECT_THAT(sink->lines, ElementsAre(said, said));
}

TEST(CpuProfiler, TakesOneAtATimeAndEndsItWhenItIsAskedTo) {
  CpuProfiler profiler({});
  Waiter first;
  auto stop = profiler.Start(std::chrono::hours(1), first.Client());
  ASSERT_TRUE(stop);
  Waiter second;
  const auto refused = profiler.Start(std::chrono::hours(1), second.Client());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kConflict);
  stop->request_stop();
  EXPECT_TRUE(first.Await());
  ASSERT_TRUE(profiler.Start(std::chrono::milliseconds(1), second.Client()));
  stop->request_stop();  // of the first, which is over
  EXPECT_TRUE(second.Await());
}

TEST(CpuProfiler, HandsOverWhatItHasWhenItGoes) {
  Waiter waiter;
  std::optional<CpuProfiler> profiler(std::in_place, logging::Log());
  ASSERT_TRUE(profiler->Start(std::chrono::hours(1), waiter.Client()));
  profiler.reset();
  EXPECT_TRUE(waiter.Await());
}

}  // namespace
}  // namespace coreflow::manager
