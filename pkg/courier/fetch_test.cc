#include "pkg/courier/fetch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <vector>

#include "pkg/archive/hostile.h"
#include "pkg/archive/tar_writer.h"
#include "pkg/compression/zstd.h"
#include "pkg/courier/test_job.h"

namespace coreflow::courier {
namespace {

namespace fs = std::filesystem;
using api::Archive;
using artifact::Input;
using data::SomeBytes;
using data::TestService;
using testing::HasSubstr;
using testing::StartsWith;

std::string All(const store::Source& source) {
  std::string all;
  std::vector<char> buffer(10'000);
  while (true) {
    const auto count = source(buffer);
    EXPECT_TRUE(count.has_value());
    if (!count || *count == 0) return all;
    all.append(buffer.data(), *count);
  }
}

std::string Tar(const std::string& folder) {
  archive::TarWriter tar = *archive::TarWriter::Open(folder);
  return All([&](std::span<char> buffer) { return tar.Read(buffer); });
}

std::string Zstd(const std::string& bytes) {
  compression::ZstdReader zstd(SourceOf(bytes));
  return All([&](std::span<char> buffer) { return zstd.Read(buffer); });
}

// "666", "777"
std::string ModeOf(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return "none";
  std::string mode;
  for (int shift : {6, 3, 0}) mode += std::to_string(status.st_mode >> shift & 7);
  return mode;
}

class FetchTest : public testing::Test {
 protected:
  std::string Run(std::vector<Input> inputs, std::vector<artifact::Output> outputs = {}) {
    artifact::CourierJob job = JobAt(service_);
    job.inputs = std::move(inputs);
    job.outputs = std::move(outputs);
    return Told(Fetch(job, {.volume = volume_,
                            .executor = folder_ / "exec",
                            .sleep = [this](Duration wait) { OnSleep(wait); },
                            .report = [this](const std::string& why) { reports_.push_back(why); }}));
  }
  void OnSleep(Duration wait) {
    waits_.push_back(wait);
    if (on_sleep_) on_sleep_();
  }

  TestService service_;
  TestFolder folder_;
  std::string volume_ = folder_.Folder("volume");
  std::vector<Duration> waits_;
  std::vector<std::string> reports_;
  std::function<void()> on_sleep_;
};

TEST_F(FetchTest, BringsFiles) {
  const std::string bytes = SomeBytes(3'000'000);
  EXPECT_EQ(Run({{.name = "model", .parcels = {Stored(service_, bytes)}},
                 {.name = "empty", .parcels = {Stored(service_, "")}}}),
            "OK");
  EXPECT_TRUE(folder_.Read("volume/in/model") == bytes);
  EXPECT_EQ(ModeOf(volume_ + "/in/model"), "666");
  EXPECT_EQ(ModeOf(volume_ + "/in/empty"), "666");
  EXPECT_FALSE(fs::exists(volume_ + "/run"));
  EXPECT_FALSE(fs::exists(volume_ + "/bin"));
}

TEST_F(FetchTest, UnpacksFoldersThatAnyUserMayUse) {
  folder_.Write("data/a/b/text", "hello");
  fs::permissions(folder_.Write("data/a/run", "#!"), fs::perms::owner_all);
  fs::create_symlink("a/run", folder_ / "data/link");
  const std::string tar = Tar(folder_ / "data");
  EXPECT_EQ(Run({{.name = "plain", .parcels = {Stored(service_, tar, Archive::kTar)}},
                 {.name = "packed", .parcels = {Stored(service_, Zstd(tar), Archive::kTarZstd)}}}),
            "OK");
  for (const char* name : {"plain", "packed"}) {
    const std::string root = volume_ + "/in/" + name;
    EXPECT_TRUE(Tar(root) == tar);
    EXPECT_EQ(ModeOf(root), "777");
    EXPECT_EQ(ModeOf(root + "/a/b"), "777");
    EXPECT_EQ(ModeOf(root + "/a/b/text"), "666");
    EXPECT_EQ(ModeOf(root + "/a/run"), "777");
    EXPECT_EQ(fs::read_symlink(root + "/link"), "a/run");
  }
}

TEST_F(FetchTest, BringsListsAsNumberedEntries) {
  folder_.Write("data/x", "in a folder");
  EXPECT_EQ(Run({{.name = "parts",
                  .list = true,
                  .parcels = {Stored(service_, "first"), Stored(service_, Tar(folder_ / "data"), Archive::kTar)}}}),
            "OK");
  EXPECT_EQ(folder_.Read("volume/in/parts/0"), "first");
  EXPECT_EQ(folder_.Read("volume/in/parts/1/x"), "in a folder");
  EXPECT_EQ(ModeOf(volume_ + "/in/parts"), "777");
}

TEST_F(FetchTest, LeavesOutWhatIsOptionalAndNotThere) {
  EXPECT_EQ(Run({{.name = "none"}, {.name = "parts", .list = true}}), "OK");
  EXPECT_FALSE(fs::exists(volume_ + "/in/none"));
  EXPECT_TRUE(fs::is_empty(volume_ + "/in/parts"));
  EXPECT_EQ(ModeOf(volume_ + "/in/parts"), "777");
}

TEST_F(FetchTest, ReplacesWhatAnEarlierTryLeft) {
  folder_.Write("volume/in/model/half", "of a folder");
  folder_.Write("volume/in/parts/7", "too many");
  EXPECT_EQ(Run({{.name = "model", .parcels = {Stored(service_, "whole")}},
                 {.name = "parts", .list = true, .parcels = {Stored(service_, "x")}}}),
            "OK");
  EXPECT_EQ(folder_.Read("volume/in/model"), "whole");
  EXPECT_FALSE(fs::exists(volume_ + "/in/parts/7"));
}

TEST_F(FetchTest, WithOutputsPlacesTheExecutorAndTheFolderOfTheSocket) {
  EXPECT_THAT(Run({}, {{.name = "model"}}), StartsWith("NotFound: coreflow-exec: " + folder_ / "exec"));
  folder_.Write("exec", "a program");
  EXPECT_EQ(Run({}, {{.name = "model"}}), "OK");
  EXPECT_EQ(Run({}, {{.name = "model"}}), "OK");
  EXPECT_EQ(folder_.Read("volume/bin/coreflow-exec"), "a program");
  EXPECT_EQ(ModeOf(volume_ + "/bin/coreflow-exec"), "755");
  EXPECT_EQ(ModeOf(volume_ + "/bin"), "755");
  EXPECT_EQ(ModeOf(volume_ + "/run"), "777");
}

TEST_F(FetchTest, RefusesHostileArchivesByTheInputsName) {
  const std::string outside = archive::Raw({.name = "../outside", .bytes = "x"}) + archive::End();
  EXPECT_THAT(Run({{.name = "model", .parcels = {Stored(service_, outside, Archive::kTar)}}}),
              StartsWith("Invalid: input model: '../outside': "));
  EXPECT_THAT(Run({{.name = "parts",
                    .list = true,
                    .parcels = {Stored(service_, "x"), Stored(service_, Zstd(outside), Archive::kTarZstd)}}}),
              StartsWith("Invalid: input parts 1: '../outside': "));
  EXPECT_THAT(Run({{.name = "model", .parcels = {Stored(service_, "no zstd", Archive::kTarZstd)}}}),
              StartsWith("Invalid: input model: zstd: "));
  EXPECT_THAT(Run({{.name = "model", .parcels = {Stored(service_, "", Archive::kTarZstd)}}}),
              StartsWith("Invalid: input model: zstd: "));
  EXPECT_THAT(Run({{.name = "model", .parcels = {Stored(service_, "", Archive::kTar)}}}),
              StartsWith("Invalid: input model: the archive: "));
  EXPECT_TRUE(waits_.empty());
  EXPECT_FALSE(fs::exists(volume_ + "/outside"));
  EXPECT_FALSE(fs::exists(volume_ + "/in/outside"));
}

TEST_F(FetchTest, SaysThatABlobIsDamaged) {
  artifact::Parcel parcel = Stored(service_, "right");
  std::ofstream(service_.FileOf(parcel.artifact.digest)) << "wrong";
  EXPECT_THAT(Run({{.name = "model", .parcels = {parcel}}}), StartsWith("Gone: input model: the stored blob "));
  parcel.artifact.bytes = 6;
  EXPECT_THAT(Run({{.name = "model", .parcels = {parcel}}}), HasSubstr("it has 5 bytes, not 6"));
  parcel.token = "";
  EXPECT_THAT(Run({{.name = "model", .parcels = {parcel}}}), StartsWith("Unauthorized: input model: "));
  EXPECT_TRUE(waits_.empty());
}

TEST_F(FetchTest, TriesAgainWhileTheServiceIsDown) {
  const artifact::Parcel parcel = Stored(service_, "bytes");
  service_.store.down = true;
  on_sleep_ = [this] { service_.store.down = waits_.size() < 3; };
  EXPECT_EQ(Run({{.name = "model", .parcels = {parcel}}}), "OK");
  EXPECT_EQ(waits_, (std::vector{Duration(1000), Duration(2000), Duration(4000)}));
  EXPECT_EQ(reports_.front(), "input model: the data service answers 503: the store is down");
}

TEST_F(FetchTest, GivesUpAfterTenMinutes) {
  const artifact::Parcel parcel = Stored(service_, "bytes");
  service_.store.down = true;
  EXPECT_THAT(Run({{.name = "model", .parcels = {parcel}}}), StartsWith("Unavailable: input model: "));
  Duration all{0};
  for (const Duration wait : waits_) all += wait;
  EXPECT_EQ(all, std::chrono::minutes(10));
  EXPECT_EQ(*std::ranges::max_element(waits_), Duration(30'000));
}

}  // namespace
}  // namespace coreflow::courier
