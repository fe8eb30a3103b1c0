#include "pkg/executor/log_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "pkg/base/test_folder.h"

namespace coreflow::executor {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

TEST(LogFile, HasAllThatWasAdded) {
  const TestFolder folder;
  folder.Write("log", "of somebody else, and longer");
  auto log = LogFile::Create(folder / "log", 10);
  ASSERT_TRUE(log) << log.error().message;
  log->Add("12345");
  log->Add("");
  log->Add("67890");
  EXPECT_TRUE(log->Finish());
  EXPECT_EQ(folder.Read("log"), "1234567890") << "as much as it may have";
}

TEST(LogFile, IsThereWhenNothingWasAdded) {
  const TestFolder folder;
  auto log = LogFile::Create(folder / "log", 10);
  ASSERT_TRUE(log && log->Finish());
  EXPECT_TRUE(std::filesystem::exists(folder / "log"));
  EXPECT_EQ(folder.Read("log"), "");
}

TEST(LogFile, BeyondItsLimitSaysSoInItsLastLine) {
  const TestFolder folder;
  auto log = LogFile::Create(folder / "log", 200);
  ASSERT_TRUE(log);
  for (int i = 0; i < 40; ++i) log->Add("line\n1\n");
  EXPECT_TRUE(log->Finish());
  const std::string text = folder.Read("log");
  EXPECT_EQ(text.size(), 200u);
  EXPECT_THAT(text, StartsWith("line\n1\nline\n"));
  EXPECT_THAT(text, EndsWith("\ncoreflow-exec: the log is cut here: no more than 200 bytes are kept\n"));
}

TEST(LogFile, ThatTheDiskHasNoRoomForSaysSoInItsLastLine) {
  const TestFolder folder;
  const pid_t child = fork();
  if (child == 0) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, nullptr);
    const rlimit limit{.rlim_cur = 5000, .rlim_max = 5000};
    setrlimit(RLIMIT_FSIZE, &limit);
    auto log = LogFile::Create(folder / "log", 1 << 20);
    if (!log) _exit(1);
    for (int i = 0; i < 10; ++i) log->Add(std::string(1000, 'x'));
    _exit(log->Finish() ? 0 : 2);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(folder.Read("log").size(), 5000u);
  EXPECT_THAT(folder.Read("log"), EndsWith("/log: File too large\n"));
}

TEST(LogFile, ThatCannotSaySoIsAnError) {
  auto log = LogFile::Create("/dev/full", 100);
  ASSERT_TRUE(log) << log.error().message;
  log->Add("x");
  const auto finished = log->Finish();
  ASSERT_FALSE(finished);
  EXPECT_THAT(finished.error().message, HasSubstr("/dev/full: No space left on device"));
}

TEST(LogFile, IsNotMadeWhereItCannotBe) {
  const TestFolder folder;
  folder.Write("other", "theirs");
  std::filesystem::create_symlink("other", folder / "link");
  ASSERT_EQ(mkfifo((folder / "fifo").c_str(), 0600), 0);
  for (const char* name : {"link", "fifo", "nowhere/log"}) EXPECT_FALSE(LogFile::Create(folder / name, 100)) << name;
  EXPECT_EQ(folder.Read("other"), "theirs");
}

}  // namespace
}  // namespace coreflow::executor
