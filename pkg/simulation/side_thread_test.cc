#include "pkg/simulation/side_thread.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "pkg/reactor/virtual_loop.h"

namespace coreflow::simulation {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(SideThread, TakesTurnsWithTheLoop) {
  reactor::VirtualLoop loop;
  std::vector<std::string> story;
  std::optional<SideThread> side;
  side.emplace([&](SideThread& self) {
    for (int i = 1; i <= 2; ++i) {
      story.push_back("asks " + std::to_string(i));
      loop.After(seconds(10), [&] { self.Resume(); });
      if (!self.Wait()) return;
      story.push_back("goes on at " + std::to_string(loop.Monotonic() / seconds(1)));
    }
  });
  loop.After(seconds(5), [&] { story.push_back("something else"); });
  EXPECT_THAT(story, IsEmpty()) << "nobody has let it begin";
  EXPECT_FALSE(side->Resume());
  loop.Advance(seconds(60));
  EXPECT_THAT(story, ElementsAre("asks 1", "something else", "goes on at 10", "asks 2", "goes on at 20"));
  EXPECT_TRUE(side->Resume()) << "it has ended";
}

TEST(SideThread, EndsTheWorkThatStillWaits) {
  std::vector<bool> went_on;
  {
    SideThread side([&](SideThread& self) {
      for (int i = 0; i < 3; ++i) went_on.push_back(self.Wait());
    });
    EXPECT_FALSE(side.Resume());
    EXPECT_FALSE(side.Resume());
  }
  EXPECT_THAT(went_on, ElementsAre(true, false, false));
}

TEST(SideThread, WorkThatNobodyLetBeginNeverDoes) {
  bool began = false;
  {
    const SideThread side([&](SideThread&) { began = true; });
  }
  EXPECT_FALSE(began);
}

}  // namespace
}  // namespace coreflow::simulation
