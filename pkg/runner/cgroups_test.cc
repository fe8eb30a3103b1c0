#include "pkg/runner/cgroups.h"

#include <gtest/gtest.h>

#include "pkg/apiserver/test_folder.h"

namespace coreflow::runner {
namespace {

TEST(CgroupsTest, KnowsItsOwn) {
  EXPECT_EQ(OwnCgroup("0::/user.slice/app.scope\n"), "/user.slice/app.scope");
  EXPECT_EQ(OwnCgroup("4:memory:/elsewhere\n0::/\n"), "/");
  EXPECT_EQ(OwnCgroup("4:memory:/elsewhere\n"), "");
  EXPECT_EQ(OwnCgroup(""), "");
}

TEST(CgroupsTest, CountsWhatTheKernelHasKilled) {
  EXPECT_EQ(OomKills("low 0\nhigh 0\nmax 41\noom 3\noom_kill 2\noom_group_kill 1\n"), 2);
  EXPECT_EQ(OomKills("oom 3\noom_kill 0\n"), 0);
  EXPECT_EQ(OomKills(""), 0);
}

TEST(CgroupsTest, AFolderThatIsNoneIsRefused) {
  const apiserver::TestFolder folder;
  const auto cgroups = Cgroups::Open(folder.Folder("cgroup"));
  ASSERT_FALSE(cgroups.has_value());
  EXPECT_EQ(cgroups.error().message, folder / "cgroup" + " is no cgroup of version 2");
  EXPECT_EQ(cgroups.error().code, Code::kForbidden);
}

}  // namespace
}  // namespace coreflow::runner
