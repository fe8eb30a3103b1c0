#include "pkg/runner/volumes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "pkg/apiserver/test_folder.h"
#include "pkg/json/parse.h"

namespace coreflow::runner {
namespace {

using apiserver::TestFolder;

json::Value Read(const std::string& text) {
  const auto value = json::Parse(text);
  EXPECT_TRUE(value.has_value()) << text;
  return value ? *value : json::Value();
}

json::Value Stored(std::string_view resource, const std::string& name) {
  if (resource == "configmaps" && name == "settings")
    return Read(R"({"kind": "ConfigMap", "data": {"a": "1", "b": "2"}})");
  if (resource == "secrets" && name == "token") return Read(R"({"kind": "Secret", "data": {"key": "czNjcmV0"}})");
  return {};
}

class VolumesTest : public testing::Test {
 protected:
  // "OK", or why the one volume `v` of that source can't be made.
  std::string Make(const std::string& source, const std::vector<std::string>& roots = {}) {
    const auto made = MakeVolumes(Pod(source), folder.path(), {.roots = roots}, Stored);
    return made ? "OK" : std::string(CodeName(made.error().code)) + ": " + made.error().message;
  }
  static json::Value Pod(const std::string& source) {
    return Read(R"({"spec": {"volumes": [{"name": "v", )" + source + "}]}}");
  }
  std::string MakeHostPath(const std::string& path, const std::vector<std::string>& roots,
                           const std::string& type = "") {
    return Make(R"("hostPath": {"path": ")" + path + R"(", "type": ")" + type + "\"}", roots);
  }

  TestFolder folder;
};

TEST_F(VolumesTest, AnEmptyDirIsEmptyAndKeptWhenMadeAgain) {
  EXPECT_EQ(Make(R"("emptyDir": {})"), "OK");
  EXPECT_TRUE(std::filesystem::is_empty(folder / "volumes/v"));
  folder.Write("volumes/v/x", "kept");
  EXPECT_EQ(Make(R"("emptyDir": {})"), "OK");
  EXPECT_EQ(folder.Read("volumes/v/x"), "kept");
}

TEST_F(VolumesTest, AConfigMapIsAFileForEachKey) {
  EXPECT_EQ(Make(R"("configMap": {"name": "settings"})"), "OK");
  EXPECT_EQ(folder.Read("volumes/v/a") + folder.Read("volumes/v/b"), "12");
}

TEST_F(VolumesTest, ItemsChooseKeysAndSayWhere) {
  EXPECT_EQ(Make(R"("secret": {"secretName": "token", "items": [{"key": "key", "path": "deep/down"}]})"), "OK");
  EXPECT_EQ(folder.Read("volumes/v/deep/down"), "s3cret");
  EXPECT_FALSE(std::filesystem::exists(folder / "volumes/v/key"));
}

TEST_F(VolumesTest, AProjectedOneHasAllOfItsSources) {
  EXPECT_EQ(Make(R"("projected": {"sources": [{"configMap": {"name": "settings"}}, {"secret": {"name": "token"}}]})"),
            "OK");
  EXPECT_EQ(folder.Read("volumes/v/b") + folder.Read("volumes/v/key"), "2s3cret");
}

TEST_F(VolumesTest, SaysWhatIsMissing) {
  EXPECT_EQ(Make(R"("secret": {"secretName": "none"})"), "NotFound: secret \"none\" not found");
  EXPECT_EQ(Make(R"("configMap": {"name": "none"})"), "NotFound: configmap \"none\" not found");
  EXPECT_EQ(Make(R"("configMap": {"name": "settings", "items": [{"key": "z", "path": "z"}]})"),
            "NotFound: references non-existent key z");
  EXPECT_EQ(Make(R"("secret": {"secretName": "none", "optional": true})"), "OK");
}

TEST_F(VolumesTest, NoKeyLeadsOutOfTheVolume) {
  EXPECT_EQ(Make(R"("configMap": {"name": "settings", "items": [{"key": "a", "path": "../../out"}]})"),
            "Invalid: \"../../out\" leads out of its volume");
  EXPECT_FALSE(std::filesystem::exists(folder / "out"));
}

TEST_F(VolumesTest, RefusesOtherKinds) {
  EXPECT_EQ(Make(R"("nfs": {"server": "x"})"), "Invalid: volume v is of a kind that does not exist here");
}

TEST_F(VolumesTest, AHostPathMustBeBelowAnAllowedRoot) {
  const std::string data = folder.Folder("host/data");
  const std::string host = folder / "host";
  EXPECT_EQ(MakeHostPath(data, {host}), "OK");
  EXPECT_EQ(MakeHostPath(host, {host}), "OK");
  EXPECT_EQ(MakeHostPath(host, {folder / "other", host}), "OK");
  EXPECT_EQ(MakeHostPath(data, {}), "Invalid: hostPath " + data + " is below none of the allowed roots");
  EXPECT_EQ(MakeHostPath(host, {data}), "Invalid: hostPath " + host + " is below none of the allowed roots");
  EXPECT_EQ(MakeHostPath(data, {folder / "hos"}), "Invalid: hostPath " + data + " is below none of the allowed roots");
  const std::string out = host + "/../elsewhere";
  EXPECT_EQ(MakeHostPath(out, {host}), "Invalid: hostPath " + out + " is below none of the allowed roots");
}

TEST_F(VolumesTest, AnAllowedRootMayEndWithASlash) {
  EXPECT_EQ(MakeHostPath(folder.Folder("host/data"), {folder / "host/"}), "OK");
  EXPECT_EQ(MakeHostPath(folder / "host", {folder / "host/"}), "OK");
  EXPECT_EQ(MakeHostPath(folder / "host", {"/"}), "OK");
}

TEST_F(VolumesTest, ALinkDoesNotLeadOutOfAnAllowedRoot) {
  folder.Folder("host");
  folder.Folder("elsewhere");
  std::filesystem::create_symlink(folder / "elsewhere", folder / "host/link");
  const std::string link = folder / "host/link";
  EXPECT_EQ(MakeHostPath(link, {folder / "host"}), "Invalid: hostPath " + link + " is below none of the allowed roots");
}

TEST_F(VolumesTest, AHostPathIsMadeOnlyWhenAskedFor) {
  folder.Folder("host");
  const std::string path = folder / "host/new";
  EXPECT_EQ(MakeHostPath(path, {folder / "host"}), "Invalid: hostPath " + path + " does not exist");
  EXPECT_EQ(MakeHostPath(path, {folder / "host"}, "DirectoryOrCreate"), "OK");
  EXPECT_TRUE(std::filesystem::is_directory(path));
}

TEST_F(VolumesTest, MountsAreOfTheVolumesFolderAndReadOnlyWhenTheyShouldBe) {
  const json::Value pod = Read(R"({"spec": {"volumes": [
      {"name": "scratch", "emptyDir": {}}, {"name": "token", "secret": {"secretName": "token"}},
      {"name": "host", "hostPath": {"path": "/srv/data"}}]}})");
  const json::Value container = Read(R"({"volumeMounts": [
      {"name": "scratch", "mountPath": "/scratch"}, {"name": "token", "mountPath": "/token"},
      {"name": "host", "mountPath": "/data", "readOnly": true}]})");
  const auto mounts = MountsOf(pod, container, "/f");
  ASSERT_TRUE(mounts.has_value());
  EXPECT_THAT(*mounts, testing::ElementsAre(Mount{.source = "/f/volumes/scratch", .target = "/scratch"},
                                            Mount{.source = "/f/volumes/token", .target = "/token", .read_only = true},
                                            Mount{.source = "/srv/data", .target = "/data", .read_only = true}));
}

TEST_F(VolumesTest, ASubPathIsMadeAndDoesNotLeadOut) {
  ASSERT_EQ(Make(R"("emptyDir": {})"), "OK");
  const auto sub = [&](const std::string& path) {
    const auto mounts = MountsOf(
        Pod(R"("emptyDir": {})"),
        Read(R"({"volumeMounts": [{"name": "v", "mountPath": "/x", "subPath": ")" + path + "\"}]}"), folder.path());
    return mounts ? mounts->front().source : mounts.error().message;
  };
  EXPECT_EQ(sub("a/b"), folder / "volumes/v/a/b");
  EXPECT_TRUE(std::filesystem::is_directory(folder / "volumes/v/a/b"));
  EXPECT_EQ(sub("../up"), "subPath ../up leads out");
  EXPECT_EQ(sub("a/../../up"), "subPath a/../../up leads out");
  EXPECT_EQ(sub("/etc"), "subPath /etc leads out");
}

TEST_F(VolumesTest, AMountOfNoVolumeIsRefused) {
  const auto mounts = MountsOf(Read("{}"), Read(R"({"volumeMounts": [{"name": "v", "mountPath": "/x"}]})"), "/f");
  ASSERT_FALSE(mounts.has_value());
  EXPECT_EQ(mounts.error().message, "there is no volume v");
}

}  // namespace
}  // namespace coreflow::runner
