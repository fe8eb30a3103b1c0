#include "pkg/runner/mount_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "pkg/apiserver/test_folder.h"

namespace coreflow::runner {

void PrintTo(const MountStep& step, std::ostream* out) {
  *out << static_cast<int>(step.kind) << " " << step.path << " <- " << step.source;
}

namespace {

using apiserver::TestFolder;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using Kind = MountStep::Kind;

class MountPlanTest : public testing::Test {
 protected:
  std::vector<MountStep> Plan(const std::vector<Mount>& mounts) {
    auto plan = PlanMounts("/root-to-be", mounts);
    EXPECT_TRUE(plan.has_value()) << plan.error().message;
    return plan ? *plan : std::vector<MountStep>();
  }
  // Those at or below a path of the step.
  std::vector<MountStep> Below(const std::vector<MountStep>& plan, const std::string& path) {
    std::vector<MountStep> found;
    std::ranges::copy_if(plan, std::back_inserter(found), [&](const MountStep& step) {
      return step.path == "/root-to-be" + path || step.path.starts_with("/root-to-be" + path + "/");
    });
    return found;
  }
  std::string ErrorOf(const Mount& mount) {
    const auto plan = PlanMounts("/root-to-be", {mount});
    return plan ? "none" : std::string(CodeName(plan.error().code)) + ": " + plan.error().message;
  }

  TestFolder folder;
};

TEST_F(MountPlanTest, WithoutMountsTheHostIsBoundAsItIs) {
  const auto plan = Plan({});
  EXPECT_THAT(Below(plan, "/etc"), ElementsAre(MountStep{Kind::kFolder, "/root-to-be/etc", ""},
                                               MountStep{Kind::kBindIfThere, "/root-to-be/etc", "/etc"}));
  EXPECT_THAT(Below(plan, "/proc"), IsEmpty()) << "it is left to the caller";
}

TEST_F(MountPlanTest, AFolderWhereTheHostHasNone) {
  const std::string source = folder.Folder("volume");
  EXPECT_THAT(
      Below(Plan({{.source = source, .target = "/not/on/the/host"}}), "/not"),
      ElementsAre(MountStep{Kind::kFolder, "/root-to-be/not", ""}, MountStep{Kind::kFolder, "/root-to-be/not/on", ""},
                  MountStep{Kind::kFolder, "/root-to-be/not/on/the", ""},
                  MountStep{Kind::kFolder, "/root-to-be/not/on/the/host", ""},
                  MountStep{Kind::kBind, "/root-to-be/not/on/the/host", source}));
}

TEST_F(MountPlanTest, AFileToo) {
  const std::string source = folder.Write("file", "x");
  EXPECT_THAT(Below(Plan({{.source = source, .target = "/not-on-the-host", .read_only = true}}), "/not-on-the-host"),
              ElementsAre(MountStep{Kind::kFile, "/root-to-be/not-on-the-host", ""},
                          MountStep{Kind::kBindReadOnly, "/root-to-be/not-on-the-host", source}));
}

TEST_F(MountPlanTest, WhatLiesBesideAMountIsStillThere) {
  folder.Write("host/file", "x");
  folder.Folder("host/folder");
  std::filesystem::create_symlink("file", folder / "host/link");
  const std::string source = folder.Folder("volume");
  const std::string host = folder / "host";
  const std::string at = "/root-to-be" + host;
  EXPECT_THAT(
      Below(Plan({{.source = source, .target = host + "/mounted"}}), host),
      UnorderedElementsAre(
          MountStep{Kind::kFolder, at, ""}, MountStep{Kind::kFile, at + "/file", ""},
          MountStep{Kind::kBindIfThere, at + "/file", host + "/file"}, MountStep{Kind::kFolder, at + "/folder", ""},
          MountStep{Kind::kBindIfThere, at + "/folder", host + "/folder"}, MountStep{Kind::kLink, at + "/link", "file"},
          MountStep{Kind::kFolder, at + "/mounted", ""}, MountStep{Kind::kBind, at + "/mounted", source}));
}

TEST_F(MountPlanTest, AMountHidesWhatTheHostHasThere) {
  folder.Write("host/file", "x");
  const std::string source = folder.Folder("volume");
  const std::string host = folder / "host";
  EXPECT_THAT(Below(Plan({{.source = source, .target = host}}), host),
              ElementsAre(MountStep{Kind::kFolder, "/root-to-be" + host, ""},
                          MountStep{Kind::kBind, "/root-to-be" + host, source}));
}

TEST_F(MountPlanTest, AMountInAMountComesAfterIt) {
  const std::string outer = folder.Folder("outer");
  const std::string inner = folder.Folder("inner");
  EXPECT_THAT(
      Below(Plan({{.source = inner, .target = "/data/in"}, {.source = outer, .target = "/data"}}), "/data"),
      ElementsAre(MountStep{Kind::kFolder, "/root-to-be/data", ""}, MountStep{Kind::kBind, "/root-to-be/data", outer},
                  MountStep{Kind::kFolder, "/root-to-be/data/in", ""},
                  MountStep{Kind::kBind, "/root-to-be/data/in", inner}));
}

TEST_F(MountPlanTest, OfTwoAtOnePlaceTheLaterCounts) {
  const std::string a = folder.Folder("a");
  const std::string b = folder.Folder("b");
  EXPECT_THAT(
      Below(Plan({{.source = a, .target = "/data"}, {.source = b, .target = "/data/"}}), "/data"),
      ElementsAre(MountStep{Kind::kFolder, "/root-to-be/data", ""}, MountStep{Kind::kBind, "/root-to-be/data", b}));
}

TEST_F(MountPlanTest, AnImagesFilesAreThereInsteadOfTheHosts) {
  folder.Write("image/etc/passwd", "x");
  folder.Folder("image/proc");
  folder.Folder("image/dev");
  std::filesystem::create_symlink("usr/bin", folder / "image/bin");
  const std::string image = folder / "image";
  const std::string source = folder.Folder("volume");
  const auto plan = PlanMounts("/root-to-be", {{.source = source, .target = "/etc/inner"}}, image);
  ASSERT_TRUE(plan.has_value()) << plan.error().message;
  EXPECT_THAT(
      *plan,
      UnorderedElementsAre(
          MountStep{Kind::kLink, "/root-to-be/bin", "usr/bin"}, MountStep{Kind::kFolder, "/root-to-be/dev", ""},
          MountStep{Kind::kBindIfThere, "/root-to-be/dev", "/dev"}, MountStep{Kind::kFolder, "/root-to-be/etc", ""},
          MountStep{Kind::kFile, "/root-to-be/etc/passwd", ""},
          MountStep{Kind::kBindIfThere, "/root-to-be/etc/passwd", image + "/etc/passwd"},
          MountStep{Kind::kFolder, "/root-to-be/etc/inner", ""},
          MountStep{Kind::kBind, "/root-to-be/etc/inner", source}, MountStep{Kind::kFolder, "/root-to-be/sys", ""},
          MountStep{Kind::kBindIfThere, "/root-to-be/sys", "/sys"}));
}

TEST_F(MountPlanTest, RefusesWhatCantBe) {
  const std::string there = folder.Folder("there");
  EXPECT_EQ(ErrorOf({.source = folder / "missing", .target = "/data"}),
            "Invalid: " + (folder / "missing") + " is not there to be mounted");
  EXPECT_EQ(ErrorOf({.source = there, .target = "data"}), "Invalid: can't mount at \"data\": it must be below /");
  EXPECT_EQ(ErrorOf({.source = there, .target = ""}), "Invalid: can't mount at \"\": it must be below /");
  EXPECT_EQ(ErrorOf({.source = there, .target = "/x/.."}), "Invalid: can't mount at \"/x/..\": it must be below /");
  EXPECT_EQ(ErrorOf({.source = there, .target = "/proc/sys"}),
            "Invalid: can't mount at \"/proc/sys\": /proc is the step's own");
}

}  // namespace
}  // namespace coreflow::runner
