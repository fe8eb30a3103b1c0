#include "pkg/executor/artifact_sender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "pkg/archive/extractor.h"
#include "pkg/base/test_folder.h"
#include "pkg/executor/test_courier.h"

namespace coreflow::executor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

// A courier and a sender that notes how long it would have waited.
struct World {
  explicit World(std::vector<Play> script = {}) : courier(folder / "socket", std::move(script)) {}

  Artifact File(const std::string& name, const std::string& bytes) const {
    return {.name = name, .archive = "None", .path = folder.Write(name, bytes)};
  }
  Artifact Missing(const std::string& name) const {
    return {.name = name, .archive = "None", .path = folder / "nothing"};
  }
  Message SendAll(const std::vector<Artifact>& artifacts) {
    Message message;
    executor::SendAll(artifacts, sender, &message);
    return message;
  }

  TestFolder folder;
  TestCourier courier;
  std::vector<int64_t> waits;
  ArtifactSender sender{folder / "socket", [this](milliseconds time) { waits.push_back(time.count()); }};
};

TEST(ArtifactSender, SendsAFileAsItIs) {
  for (const size_t size : {0, 1, 65536, 65537, 1'000'000}) {
    World world;
    const auto stored = world.sender.Send(world.File("model", std::string(size, 'x')));
    ASSERT_TRUE(stored) << stored.error().message;
    EXPECT_EQ(*stored, (Stored{.digest = TestCourier::Digest(), .bytes = size}));
    const Received received = world.courier.received().at(0);
    EXPECT_EQ(received.request, "PUT model None\n");
    EXPECT_EQ(received.bytes, std::string(size, 'x'));
    EXPECT_TRUE(received.complete);
  }
}

TEST(ArtifactSender, SendsAFolderAsAnArchiveThatUnpacksToTheSame) {
  World world;
  world.folder.Write("out/a/big", std::string(300'000, 'b'));
  world.folder.Write("out/a/small", "s");
  world.folder.Folder("out/empty");
  std::filesystem::create_symlink("a/small", world.folder / "out/link");
  ASSERT_TRUE(world.sender.Send({.name = "out", .archive = "TarZstd", .path = world.folder / "out"}));
  const Received received = world.courier.received().at(0);
  EXPECT_EQ(received.request, "PUT out TarZstd\n");

  auto extractor = archive::Extractor::Into(world.folder.Folder("back"), {});
  ASSERT_TRUE(extractor);
  ASSERT_TRUE(extractor->Add(received.bytes));
  ASSERT_TRUE(extractor->Finish());
  EXPECT_EQ(world.folder.Read("back/a/big"), std::string(300'000, 'b'));
  EXPECT_EQ(world.folder.Read("back/link"), "s");
  EXPECT_TRUE(std::filesystem::is_directory(world.folder / "back/empty"));
}

TEST(ArtifactSender, SendsAFileAsAnArchiveOfThatFile) {
  World world;
  world.folder.Write("report.txt", "all is well");
  ASSERT_TRUE(world.sender.Send({.name = "report", .archive = "Tar", .path = world.folder / "report.txt"}));
  auto extractor = archive::Extractor::Into(world.folder.Folder("back"), {});
  ASSERT_TRUE(extractor && extractor->Add(world.courier.received().at(0).bytes) && extractor->Finish());
  EXPECT_EQ(world.folder.Read("back/report.txt"), "all is well");
}

TEST(ArtifactSender, OneMissingOfThreeIsAProblemAndTheOthersAreStored) {
  World world;
  const Message message = world.SendAll({world.File("a", "1"), world.Missing("model"), world.File("c", "333")});
  EXPECT_EQ(message.problem, "artifact model: there is nothing at " + (world.folder / "nothing"));
  EXPECT_EQ(message.artifacts,
            (std::map<std::string, Stored>{{"a", {TestCourier::Digest(), 1}}, {"c", {TestCourier::Digest(), 3}}}));
  EXPECT_EQ(world.waits.size(), 0u);
}

TEST(ArtifactSender, AnOptionalOneMayBeMissing) {
  World world;
  Artifact missing = world.Missing("log");
  missing.optional = true;
  const Message message = world.SendAll({missing, world.File("a", "1")});
  EXPECT_EQ(message.problem, "");
  EXPECT_EQ(message.artifacts.size(), 1u);
}

TEST(ArtifactSender, TheFirstProblemIsTold) {
  World world;
  EXPECT_THAT(world.SendAll({world.Missing("a"), world.Missing("b")}).problem, HasSubstr("artifact a: "));
  Message message{.problem = "an earlier one"};
  SendAll({world.Missing("a")}, world.sender, &message);
  EXPECT_EQ(message.problem, "an earlier one");
}

TEST(ArtifactSender, WhatIsOfTheWrongKindIsAProblemThoughOptional) {
  World world;
  const std::string folder = world.folder.Folder("out");
  EXPECT_EQ(world.SendAll({{.name = "model", .archive = "None", .path = folder, .optional = true}}).problem,
            "artifact model: " + folder + " is a folder, which needs the archive Tar or TarZstd");
  const std::string fifo = world.folder / "fifo";
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  for (const char* archive : {"None", "Tar"}) {
    EXPECT_EQ(world.SendAll({{.name = "model", .archive = archive, .path = fifo}}).problem,
              "artifact model: " + fifo + " is neither a file nor a folder");
  }
}

TEST(ArtifactSender, WhatCannotBePackedIsAProblemAndTheCourierIsLeftWithHalfOfIt) {
  World world;
  world.folder.Write("out/a", "1");
  ASSERT_EQ(mkfifo((world.folder / "out/b").c_str(), 0600), 0);
  const Message message =
      world.SendAll({{.name = "out", .archive = "Tar", .path = world.folder / "out"}, world.File("c", "1")});
  EXPECT_THAT(message.problem, HasSubstr("/out: 'b': neither file, folder nor link"));
  EXPECT_EQ(message.artifacts.size(), 1u);
  EXPECT_FALSE(world.courier.received().at(0).complete);
  EXPECT_EQ(world.waits.size(), 0u);
}

TEST(ArtifactSender, TriesAgainFromTheBeginning) {
  World world(
      {{.answer = "AGAIN slow\n"}, {.answer = "AGAIN slow\n", .after = 100'000}, {.answer = ""}, {.answer = "OK"}});
  const std::string bytes(1'000'000, 'x');
  ASSERT_TRUE(world.sender.Send(world.File("model", bytes)));
  EXPECT_EQ(world.courier.received().size(), 5u);
  EXPECT_EQ(world.courier.received().at(4).bytes, bytes);
  EXPECT_THAT(world.waits, ElementsAre(1000, 2000, 4000, 8000));
}

TEST(ArtifactSender, AnEarlyErrorEndsIt) {
  for (const int64_t after : {0, 100'000}) {
    World world({{.answer = "ERROR larger than 10 bytes\n", .after = after}});
    const Message message = world.SendAll({world.File("model", std::string(5'000'000, 'x')), world.File("b", "1")});
    EXPECT_EQ(message.problem, "artifact model: larger than 10 bytes");
    EXPECT_EQ(message.artifacts.count("b"), 1u);
    EXPECT_FALSE(world.courier.received().at(0).complete);
    EXPECT_EQ(world.waits.size(), 0u);
  }
}

TEST(ArtifactSender, HearsAnAnswerThoughTheCourierTakesNothingMore) {
  World world({{.answer = "AGAIN slow\n", .after = 100'000, .stays = true}});
  EXPECT_TRUE(world.sender.Send(world.File("model", std::string(5'000'000, 'x'))));
  EXPECT_THAT(world.waits, ElementsAre(1000));
}

TEST(ArtifactSender, GivesUpAfterTenMinutesAndTriesTheOthersOnce) {
  World world(std::vector<Play>(26, {.answer = "AGAIN the store is slow\n"}));
  const Message message = world.SendAll({world.File("a", "1"), world.File("b", "1"), world.File("c", "1")});
  EXPECT_EQ(message.problem, "artifact a: the courier has stored nothing for 10 minutes: the store is slow");
  int64_t waited = 0;
  for (const int64_t wait : world.waits) waited += wait;
  EXPECT_EQ(waited, 600'000);
  EXPECT_THAT(std::vector<int64_t>(world.waits.begin() + 5, world.waits.end() - 1), Each(30'000));
  EXPECT_EQ(world.courier.received().size(), world.waits.size() + 3);
}

TEST(ArtifactSender, MayHaveLessPatience) {
  World world(std::vector<Play>(10, {.answer = "AGAIN the store is slow\n"}));
  std::vector<int64_t> waits;
  ArtifactSender sender(
      world.folder / "socket", [&](milliseconds time) { waits.push_back(time.count()); },
      ArtifactSender::kLittlePatience, ArtifactSender::kLittlePatience);
  EXPECT_EQ(sender.Send(world.File("a", "1")).error().message,
            "the courier has stored nothing for 30 seconds: the store is slow");
  EXPECT_THAT(waits, ElementsAre(1000, 2000, 4000, 8000, 15000));
}

TEST(ArtifactSender, WaitsNoLongerThanItIsToldForACourierThatStandsStill) {
  World world({{.stays = true}, {.after = 100'000, .stays = true}});
  int waits = 0;
  ArtifactSender sender(
      world.folder / "socket", [&](milliseconds) { ++waits; }, seconds(30), std::chrono::milliseconds(50));
  EXPECT_EQ(sender.Send(world.File("a", "1")).error().message, "the courier does not answer");
  EXPECT_EQ(sender.Send(world.File("b", std::string(5'000'000, 'x'))).error().message, "the courier does not answer");
  EXPECT_EQ(waits, 0) << "another try would come to the same";
}

TEST(ArtifactSender, IsPatientAnewWhenSomethingWasStored) {
  std::vector<Play> script(20, {.answer = "AGAIN slow\n"});
  script.push_back({.answer = "OK " + TestCourier::Digest() + " 1\n"});
  script.insert(script.end(), 20, {.answer = "AGAIN slow\n"});
  World world(script);
  const Message message = world.SendAll({world.File("a", "1"), world.File("b", "1")});
  EXPECT_EQ(message.problem, "");
  EXPECT_EQ(message.artifacts.size(), 2u);
}

TEST(ArtifactSender, ACourierThatStartsBesideAShortCommandIsMetWithinMilliseconds) {
  const TestFolder folder;
  const Artifact artifact{.name = "a", .archive = "None", .path = folder.Write("a", "1")};
  std::unique_ptr<TestCourier> courier;
  std::vector<int64_t> waits;
  ArtifactSender sender(folder / "socket", [&](milliseconds time) {
    waits.push_back(time.count());
    if (waits.size() == 3)
      courier = std::make_unique<TestCourier>(folder / "socket", std::vector<Play>{{.answer = "AGAIN slow\n"}});
  });
  EXPECT_TRUE(sender.Send(artifact));
  EXPECT_THAT(waits, ElementsAre(2, 2, 3, 1000)) << "its store is given more time";
}

TEST(ArtifactSender, SaysThatNobodyIsThere) {
  const TestFolder folder;
  const Artifact artifact{.name = "a", .archive = "None", .path = folder.Write("a", "1")};
  milliseconds waited{};
  ArtifactSender sender(folder / "socket", [&](milliseconds time) { waited += time; });
  EXPECT_THAT(sender.Send(artifact).error().message, HasSubstr("/socket: No such file or directory"));
  EXPECT_EQ(waited, ArtifactSender::kPatience);
}

}  // namespace
}  // namespace coreflow::executor
