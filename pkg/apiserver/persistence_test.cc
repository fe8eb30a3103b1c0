#include "pkg/apiserver/persistence.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <optional>

#include "pkg/apiserver/test_folder.h"
#include "pkg/json/write.h"

namespace coreflow::apiserver {
namespace {

json::Value Lease(int holder) {
  return json::Object{{"apiVersion", "coordination.k8s.io/v1"},
                      {"kind", "Lease"},
                      {"metadata", json::Object{{"name", "x"}, {"namespace", "ci"}}},
                      {"holder", holder}};
}

// One process's life with the file.
struct Opened {
  Store store;
  std::unique_ptr<Persistence> persistence;
  std::optional<Error> error;

  explicit Opened(const std::string& path) {
    auto opened = Persistence::Open(path, store);
    if (opened) persistence = *std::move(opened);
    if (!opened) error = opened.error();
  }
  std::string Code() const { return error ? CodeName(error->code) : "OK"; }
};

void Sql(const std::string& path, const std::string& text) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database, text.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
  sqlite3_close(database);
}

class PersistenceTest : public testing::Test {
 protected:
  TestFolder folder;
  const std::string path = folder / "state.db";
};

TEST_F(PersistenceTest, WhatWasWrittenIsThereAgainWithItsVersion) {
  uint64_t changed = 0;
  uint64_t last = 0;
  {
    Opened first(path);
    ASSERT_EQ(first.Code(), "OK");
    first.store.Put(Leases(), "ci/a", Lease(1));
    first.store.Put(Leases(), "ci/gone", Lease(1));
    changed = first.store.Put(Leases(), "ci/a", Lease(2))->rv();
    first.store.Put(ConfigMaps(), "ci/c",
                    json::Object{{"apiVersion", "v1"}, {"kind", "ConfigMap"}, {"data", "\xc3\xa4"}});
    last = first.store.Delete(Leases(), "ci/gone")->rv();
  }
  Opened second(path);
  ASSERT_EQ(second.Code(), "OK");
  EXPECT_EQ(second.store.Current(), last);
  EXPECT_EQ(second.store.Compacted(), last);
  ASSERT_EQ(second.store.List(Leases()).size(), 1U);
  EXPECT_EQ(second.store.Get(Leases(), "ci/a")->rv(), changed);
  EXPECT_EQ(second.store.Get(Leases(), "ci/a")->object()["holder"], json::Value(2));
  EXPECT_EQ(second.store.Get(ConfigMaps(), "ci/c")->object()["data"], json::Value("\xc3\xa4"));
  EXPECT_GT(second.store.Put(Leases(), "ci/b", Lease(1))->rv(), last);
}

TEST_F(PersistenceTest, AnEmptyFileIsANewOne) {
  folder.Write("state.db", "");
  Opened opened(path);
  EXPECT_EQ(opened.Code(), "OK");
  EXPECT_EQ(opened.store.Current(), Store().Current());
}

// Writes leases 0, 1, 2… of its own store and says each number once it is written, until it is killed.
[[noreturn]] void WriteForEver(const std::string& path, int acknowledged) {
  Opened mine(path);
  if (!mine.persistence) _exit(1);
  for (int number = 0;; ++number) {
    mine.store.Put(Leases(), "ci/" + std::to_string(number % 7), Lease(number));
    if (write(acknowledged, &number, sizeof number) != sizeof number) _exit(1);
  }
}

// Kills a writer with kill -9 after it has said `writes` numbers; the last one that it said.
int LastSaidByAKilledWriter(const std::string& path, int writes) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const pid_t writer = fork();
  if (writer == 0) {
    close(ends[0]);
    WriteForEver(path, ends[1]);
  }
  close(ends[1]);
  int said = -1;
  for (int count = 0; count < writes && read(ends[0], &said, sizeof said) == sizeof said; ++count) continue;
  kill(writer, SIGKILL);
  int status = 0;
  EXPECT_EQ(waitpid(writer, &status, 0), writer);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "the writer ended by itself";
  for (int more = 0; read(ends[0], &more, sizeof more) == sizeof more;) said = more;
  close(ends[0]);
  return said;
}

TEST_F(PersistenceTest, LosesNoAcknowledgedWriteWhenItsProcessIsKilled) {
  for (int round = 0; round < 20; ++round) {
    const int said = LastSaidByAKilledWriter(path, 1 + round * 13);
    ASSERT_GE(said, round * 13);
    Opened after(path);
    ASSERT_EQ(after.Code(), "OK");
    int newest = -1;
    for (const auto& [key, version] : after.store.List(Leases())) {
      const int number = static_cast<int>(version->object()["holder"].IntOr(-1));
      EXPECT_EQ(key, "ci/" + std::to_string(number % 7));
      EXPECT_LE(version->rv(), after.store.Current());
      newest = std::max(newest, number);
    }
    // One that was written may not have been said; none that was said may be missing.
    EXPECT_GE(newest, said);
    EXPECT_LE(newest, said + 1);
    EXPECT_EQ(after.store.List(Leases()).size(), static_cast<size_t>(std::min(newest + 1, 7)));
    for (int old = 0; old < 7; ++old) {
      if (after.store.Get(Leases(), "ci/" + std::to_string(old)))
        after.store.Delete(Leases(), "ci/" + std::to_string(old));
    }
  }
}

TEST_F(PersistenceTest, TheSecondWhoOpensItIsTold) {
  Opened first(path);
  ASSERT_EQ(first.Code(), "OK");
  const pid_t other = fork();
  if (other == 0) {
    const Opened second(path);
    _exit(second.Code() == "Conflict" && second.error->message.ends_with("state.db is in use by another process") ? 0
                                                                                                                  : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(other, &status, 0), other);
  EXPECT_EQ(status, 0) << "it got the file, or heard something else";
}

TEST_F(PersistenceTest, TheNextGetsItWhenTheFirstHasLetGo) {
  { Opened first(path); }
  EXPECT_EQ(Opened(path).Code(), "OK");
}

TEST_F(PersistenceTest, RefusesALaterFormat) {
  { Opened first(path); }
  Sql(path, "PRAGMA user_version = 99");
  Opened later(path);
  EXPECT_EQ(later.Code(), "Invalid");
  EXPECT_TRUE(later.error->message.ends_with("was written by a later version of this program")) << later.error->message;
}

TEST_F(PersistenceTest, RefusesAnotherProgramsDatabaseAndLeavesItAsItIs) {
  Sql(path, "CREATE TABLE bookmarks (url TEXT)");
  EXPECT_EQ(Opened(path).Code(), "Invalid");
  Sql(path, "CREATE TABLE objects (mine TEXT)");
}

TEST_F(PersistenceTest, RefusesWhatIsNoDatabase) {
  folder.Write("state.db", "This is a letter to my grandmother, and long enough to be no empty database.");
  Opened opened(path);
  EXPECT_EQ(opened.Code(), "Invalid");
  EXPECT_EQ(opened.error->message, "can't open " + path + ": file is not a database");
  EXPECT_TRUE(folder.Read("state.db").starts_with("This is a letter"));
}

TEST_F(PersistenceTest, RefusesAFolder) { EXPECT_EQ(Opened(folder.Folder("state.db")).Code(), "Invalid"); }

TEST_F(PersistenceTest, RefusesADamagedFile) {
  {
    Opened first(path);
    for (int i = 0; i < 2000; ++i) first.store.Put(Leases(), "ci/" + std::to_string(i), Lease(i));
  }
  std::string bytes = folder.Read("state.db");
  ASSERT_GT(bytes.size(), 65536U);
  for (size_t at = 8192; at < bytes.size(); ++at) bytes[at] = '\x5a';
  folder.Write("state.db", bytes);
  EXPECT_EQ(Opened(path).Code(), "Invalid");
}

TEST_F(PersistenceTest, RefusesAnObjectThatIsNoJson) {
  { Opened first(path); }
  Sql(path, "INSERT INTO objects VALUES ('configmaps', 'ci/x', 1001, '{\"apiVersion\":')");
  EXPECT_EQ(Opened(path).Code(), "Invalid");
}

TEST_F(PersistenceTest, KeepsWhatItDoesNotKnow) {
  { Opened first(path); }
  Sql(path,
      "INSERT INTO objects VALUES ('gadgets.example.com', 'ci/x', 1001, "
      "'{\"apiVersion\":\"example.com/v1\",\"kind\":\"Gadget\"}')");
  {
    Opened second(path);
    ASSERT_EQ(second.Code(), "OK");
    second.store.Put(Leases(), "ci/a", Lease(1));
  }
  Sql(path, "CREATE TABLE probe AS SELECT 1 / count(*) AS found FROM objects WHERE resource = 'gadgets.example.com'");
  Sql(path, "CREATE TABLE strict (x INTEGER NOT NULL); INSERT INTO strict SELECT found FROM probe");
}

}  // namespace
}  // namespace coreflow::apiserver
