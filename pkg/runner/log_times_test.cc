#include "pkg/runner/log_times.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "pkg/apiserver/test_folder.h"

namespace coreflow::runner {
namespace {

using std::chrono::milliseconds;

class LogTimesTest : public testing::Test {
 protected:
  // The log is that, and was last written to then.
  void Has(const std::string& text, int64_t at) {
    log = folder.Write("main.log", text);
    const timespec then{.tv_sec = at / 1000, .tv_nsec = at % 1000 * 1'000'000};
    const timespec both[] = {then, then};
    ASSERT_EQ(utimensat(AT_FDCWD, log.c_str(), both, 0), 0);
  }
  int64_t At(uint64_t place) const { return LogTimes::Read(log).At(place).time_since_epoch().count(); }
  uint64_t PlaceOf(int64_t since) const { return LogTimes::Read(log).PlaceOf(Time(milliseconds(since))); }

  apiserver::TestFolder folder;
  std::string log;
};

TEST_F(LogTimesTest, AByteIsAsOldAsTheFirstNoteThatHasIt) {
  Has("one\n", 1500);
  const uint64_t noted = NoteLogTime(log, 0);
  EXPECT_EQ(noted, 4u);
  Has("one\ntwo\nthree\n", 3250);
  EXPECT_EQ(NoteLogTime(log, noted), 14u);
  EXPECT_EQ(At(0), 1500);
  EXPECT_EQ(At(3), 1500);
  EXPECT_EQ(At(4), 3250);
  EXPECT_EQ(At(13), 3250);
}

TEST_F(LogTimesTest, WhatWasNotNotedIsAsOldAsTheFile) {
  Has("one\n", 1500);
  EXPECT_EQ(At(0), 1500);
  NoteLogTime(log, 0);
  Has("one\ntwo\n", 9000);
  EXPECT_EQ(At(0), 1500);
  EXPECT_EQ(At(4), 9000);
  EXPECT_EQ(At(99), 9000) << "written since it was looked at";
}

TEST_F(LogTimesTest, NothingNewIsNotNoted) {
  Has("one\n", 1500);
  NoteLogTime(log, NoteLogTime(log, 0));
  EXPECT_EQ(folder.Read("main.log.times"), "4 1970-01-01T00:00:01.500000Z\n");
}

TEST_F(LogTimesTest, KnowsWhereATimeBegins) {
  Has("one\n", 1500);
  NoteLogTime(log, 0);
  Has("one\ntwo\n", 3000);
  EXPECT_EQ(PlaceOf(0), 0u);
  EXPECT_EQ(PlaceOf(1500), 0u);
  EXPECT_EQ(PlaceOf(1501), 4u);
  EXPECT_EQ(PlaceOf(3001), 8u);
}

TEST_F(LogTimesTest, ALogThatIsNotThereHasNone) {
  log = folder / "missing.log";
  EXPECT_EQ(NoteLogTime(log, 0), 0u);
  EXPECT_EQ(At(0), 0);
  EXPECT_EQ(PlaceOf(1), 0u);
}

}  // namespace
}  // namespace coreflow::runner
