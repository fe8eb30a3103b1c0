// What a command prints, through us: to its readers and into the log.
#include "pkg/executor/printed.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>

#include "pkg/base/test_folder.h"
#include "pkg/executor/supervise.h"

namespace coreflow::executor {
namespace {

using testing::EndsWith;

// What it gives in a process of its own, since it changes what signals do.
int InProcess(const std::function<int()>& run) {
  const pid_t child = fork();
  if (child == 0) {
    setenv("PATH", "/usr/bin:/bin", 1);
    _exit(run());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

// Runs scripts with their stdout and stderr going to the files `out` and `err`, and through us into `log`.
struct World {
  // The exit code; 254 when the log could not be ended. `prepare` runs before it, in its process.
  int Play(
      const std::string& script, const std::function<void()>& prepare = [] {}) const {
    return InProcess([&] {
      setenv("HERE", folder.path().c_str(), 1);
      Redirect(STDOUT_FILENO, "out");
      Redirect(STDERR_FILENO, "err");
      prepare();
      return Run(script);
    });
  }
  void Redirect(int fd, const char* name) const {
    const int file = open((folder / name).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    dup2(file, fd);
    close(file);
  }
  int Run(const std::string& script) const {
    if (most == 0) return Supervise({"sh", "-c", script})->code;
    auto file = LogFile::Create(log.empty() ? folder / "log" : log, most);
    auto printed = file ? Printed::Into(*std::move(file)) : file.error();
    if (!printed) return 255;
    const int code = Supervise({"sh", "-c", script}, &*printed)->code;
    return printed->Finish() ? code : 254;
  }

  TestFolder folder;
  std::string log = {};                 // in the place of `log` in the folder
  uint64_t most = uint64_t{100} << 20;  // 0: without a log
};

// Until all of it has gone on.
constexpr char kSeen[] = "seen() { until [ -s $HERE/$1 ]; do sleep 0.01; done; }; ";

TEST(Printed, GoesOnToWhereItWasMeantForAndIntoTheLogInItsOrder) {
  const World world;
  EXPECT_EQ(world.Play(std::string(kSeen) + "echo one; seen out; echo two >&2; seen err; echo three; exit 3"), 3);
  EXPECT_EQ(world.folder.Read("out"), "one\nthree\n");
  EXPECT_EQ(world.folder.Read("err"), "two\n");
  EXPECT_EQ(world.folder.Read("log"), "one\ntwo\nthree\n");
}

TEST(Printed, OfACommandThatEndsAtOnceIsWhole) {
  const World world;
  for (int repeat = 0; repeat < 20; ++repeat) {
    ASSERT_EQ(world.Play("head -c 1048576 /dev/urandom"), 0);
    const std::string out = world.folder.Read("out");
    ASSERT_EQ(out.size(), size_t{1} << 20);
    ASSERT_TRUE(world.folder.Read("log") == out) << repeat;
  }
}

TEST(Printed, ByBothAtOnceIsWhole) {
  const World world;
  ASSERT_EQ(world.Play("yes out | head -c 1000000 & yes err | head -c 1000000 >&2 & wait"), 0);
  EXPECT_EQ(world.folder.Read("out").size(), 1'000'000u);
  EXPECT_EQ(world.folder.Read("err").size(), 1'000'000u);
  EXPECT_EQ(world.folder.Read("log").size(), 2'000'000u);
}

TEST(Printed, NothingLeavesAnEmptyLog) {
  const World world;
  EXPECT_EQ(world.Play("exit 0"), 0);
  EXPECT_TRUE(std::filesystem::exists(world.folder / "log"));
  EXPECT_EQ(world.folder.Read("log"), "");
}

TEST(Printed, AChildThatKeepsThePipesOpenHoldsNothingUp) {
  const World world;
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(world.Play("sleep 20 & echo $! >$HERE/pid; echo done; exit 4"), 4);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(15));
  EXPECT_EQ(world.folder.Read("log"), "done\n");
  kill(std::stoi(world.folder.Read("pid")), SIGKILL);
}

TEST(Printed, AChildThatPrintsForEverHoldsNothingUp) {
  const World world;
  EXPECT_EQ(world.Play("echo first; while :; do echo more; done & exit 4"), 4);
  EXPECT_TRUE(world.folder.Read("log").starts_with("first\n"));
}

TEST(Printed, ASignalComesThroughAndWhatIsSaidThenIsKept) {
  const World world;
  EXPECT_EQ(world.Play("trap 'echo bye; exit 42' TERM; kill -TERM $PPID; while :; do sleep 0.01; done"), 42);
  EXPECT_EQ(world.folder.Read("log"), "bye\n");
}

TEST(Printed, OfACommandThatIsKilledIsKept) {
  const World world;
  EXPECT_EQ(world.Play("echo last words; kill -KILL $$"), 128 + SIGKILL);
  EXPECT_EQ(world.folder.Read("log"), "last words\n");
}

TEST(Printed, BeyondTheLimitStillGoesOn) {
  World world;
  world.most = 1000;
  EXPECT_EQ(world.Play("yes line | head -c 100000"), 0);
  EXPECT_EQ(world.folder.Read("out").size(), 100'000u);
  EXPECT_EQ(world.folder.Read("log").size(), 1000u);
  EXPECT_THAT(world.folder.Read("log"), EndsWith("the log is cut here: no more than 1000 bytes are kept\n"));
}

TEST(Printed, OnAFullDiskStillGoesOn) {
  World world;
  world.log = "/dev/full";
  EXPECT_EQ(world.Play("yes line | head -c 100000; touch $HERE/went-on"), 254);
  EXPECT_EQ(world.folder.Read("out").size(), 100'000u);
  EXPECT_TRUE(std::filesystem::exists(world.folder / "went-on"));
}

TEST(Printed, IsKeptThoughNobodyReadsItAnyMore) {
  const World world;
  const auto lose_the_reader = [] {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) _exit(99);
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
  };
  EXPECT_EQ(world.Play("trap 'exit 13' PIPE; yes line | head -c 100000; exit 5", lose_the_reader), 5);
  EXPECT_EQ(world.folder.Read("log").size(), 100'000u);
}

TEST(Printed, GivesTheCommandNoOtherDescriptors) {
  World world;
  ASSERT_EQ(world.Play("ls /proc/self/fd"), 0);
  const std::string with = world.folder.Read("out");
  world.most = 0;
  ASSERT_EQ(world.Play("ls /proc/self/fd"), 0);
  EXPECT_EQ(with, world.folder.Read("out"));
}

size_t OpenDescriptors() {
  size_t count = 0;
  for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
  return count;
}

TEST(Printed, LeavesNoDescriptorOpen) {
  const World world;
  const int code = InProcess([&] {
    const size_t before = OpenDescriptors();
    const int ended = world.Run("echo x; sh -c 'echo y >&2'");
    return ended == 0 && OpenDescriptors() == before ? 0 : 1;
  });
  EXPECT_EQ(code, 0);
  EXPECT_EQ(world.folder.Read("log").size(), 4u);
}

}  // namespace
}  // namespace coreflow::executor
