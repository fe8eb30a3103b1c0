#include "operator/manager/runtime_report.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include "pkg/base/test_folder.h"

namespace coreflow::manager {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string Stat(const std::string& name, long user, long system) {
  return "7 (" + name + ") S 1 2 3 4 5 6 7 8 9 10 " + std::to_string(user) + " " + std::to_string(system) + " 0 0\n";
}

TEST(RuntimeReport, HasTheLoopAndTheThreadsThatUseTheMostFirst) {
  const TestFolder proc;
  const long second = sysconf(_SC_CLK_TCK);
  proc.Write("task/11/stat", Stat("idle", 0, 0));
  proc.Write("task/11/comm", "idle\n");
  proc.Write("task/12/stat", Stat("a ) b", 2 * second, second));
  proc.Write("task/12/comm", "a ) b\n");
  proc.Write("task/13/stat", "cut off");
  const std::string text = RuntimeReport({.waited = std::chrono::milliseconds(1500), .queued = 42}, proc.path());
  EXPECT_THAT(text, HasSubstr("\nloop: work waits 1.500000 s, 42 items wait\n"));
  EXPECT_THAT(text, HasSubstr("\nthreads: 2\n"));
  EXPECT_THAT(text, testing::EndsWith("      12  S             3.00  a ) b\n      11  S             0.00  idle\n"));
  EXPECT_THAT(text, Not(HasSubstr("resident")));
}

TEST(RuntimeReport, IsOfThisProcess) {
  const std::string text = RuntimeReport({});
  EXPECT_THAT(text, HasSubstr(" MiB resident\n"));
  EXPECT_THAT(text, Not(HasSubstr("threads: 0\n")));
}

}  // namespace
}  // namespace coreflow::manager
