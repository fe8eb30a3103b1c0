#include "pkg/metrics/process.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace coreflow::metrics {
namespace {

using testing::HasSubstr;

class ProcessTest : public testing::Test {
 protected:
  ProcessTest() {
    std::filesystem::create_directories(dir_ + "/fd");
    for (const char* fd : {"0", "1", "2"}) std::ofstream(dir_ + "/fd/" + fd) << "";
    std::ofstream(dir_ + "/boot") << "cpu 1 2 3\nbtime 1700000000\n";
  }
  ~ProcessTest() override { std::filesystem::remove_all(dir_); }

  // Half a second in the kernel, and so many in the program.
  void WriteStat(double user_seconds) {
    const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    std::ofstream(dir_ + "/stat") << "77 (evil) R 1 (x) S 1 77 77 0 -1 4194560 100 0 0 0 " << user_seconds * ticks
                                  << " " << ticks / 2
                                  << " 0 0 20 0 3 0 1000 123456789 250 18446744073709551615 1 1 0\n";
  }

  const std::string dir_ = testing::TempDir() + "process_test." + std::to_string(getpid());
  Registry registry_;
  ProcessMetrics process_{registry_, dir_, dir_ + "/boot"};
};

TEST_F(ProcessTest, ReadsTheFieldsAfterACommandThatLooksLikeFields) {
  WriteStat(1.5);
  process_.Update();
  const std::string text = registry_.Text();
  EXPECT_THAT(text, HasSubstr("\nprocess_virtual_memory_bytes 123456789\n"));
  EXPECT_THAT(text, HasSubstr("\nprocess_resident_memory_bytes " + std::to_string(250 * sysconf(_SC_PAGESIZE)) + "\n"));
  EXPECT_THAT(text, HasSubstr("\nprocess_open_fds 3\n"));
}

TEST_F(ProcessTest, TheCpuCounterFollowsTheKernel) {
  WriteStat(1.5);
  process_.Update();
  process_.Update();
  EXPECT_THAT(registry_.Text(), HasSubstr("\nprocess_cpu_seconds_total 2\n"));
  WriteStat(2.5);
  process_.Update();
  EXPECT_THAT(registry_.Text(), HasSubstr("\nprocess_cpu_seconds_total 3\n"));
}

TEST_F(ProcessTest, WhatCannotBeReadKeepsItsValue) {
  WriteStat(1.5);
  process_.Update();
  const std::string before = registry_.Text();
  std::ofstream(dir_ + "/stat") << "77 (short) R 1 2\n";
  std::filesystem::remove_all(dir_ + "/fd");
  process_.Update();
  EXPECT_EQ(registry_.Text(), before);
}

TEST(Process, ThisProcessUsesMemoryAndFiles) {
  Registry registry;
  ProcessMetrics process(registry);
  process.Update();
  EXPECT_THAT(registry.Text(), testing::Not(HasSubstr("\nprocess_resident_memory_bytes 0\n")));
  EXPECT_THAT(registry.Text(), testing::Not(HasSubstr("\nprocess_open_fds 0\n")));
  EXPECT_THAT(registry.Text(), testing::Not(HasSubstr("\nprocess_start_time_seconds 0\n")));
}

}  // namespace
}  // namespace coreflow::metrics
