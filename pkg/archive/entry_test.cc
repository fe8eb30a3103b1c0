#include "pkg/archive/entry.h"

#include <gtest/gtest.h>

#include <string>

namespace coreflow::archive {
namespace {

struct Name {
  std::string name;
  std::string want;  // "" when it is fine
};
void PrintTo(const Name& name, std::ostream* out) { *out << name.name.substr(0, 40); }

class NameTest : public testing::TestWithParam<Name> {};

TEST_P(NameTest, IsAPathBelowTheFolder) {
  const auto checked = CheckName(GetParam().name);
  EXPECT_EQ(checked ? "" : checked.error().message, GetParam().want);
}

std::string Deep(int parts) {
  std::string name = "a";
  for (int i = 1; i < parts; ++i) name += "/a";
  return name;
}

INSTANTIATE_TEST_SUITE_P(
    All, NameTest,
    testing::Values(Name{"a", ""}, Name{"a/b.c/..d/e..", ""}, Name{"sp ace\nline", ""}, Name{std::string(255, 'x'), ""},
                    Name{Deep(128), ""}, Name{"", "an entry has no name"}, Name{"/a", "'/a': the name is absolute"},
                    Name{"..", "'..': the name has '..'"}, Name{"a/../b", "'a/../b': the name has '..'"},
                    Name{"a/..", "'a/..': the name has '..'"}, Name{"./a", "'./a': the name has an empty part, or '.'"},
                    Name{"a//b", "'a//b': the name has an empty part, or '.'"},
                    Name{"a/", "'a/': the name has an empty part, or '.'"},
                    Name{std::string("a\0b", 3), "'a\\x00b': the name has a zero byte"}, Name{"é", ""},
                    Name{"\x1b[2J/..", "'\\x1b[2J/..': the name has '..'"},
                    Name{std::string(256, 'x'),
                         "'" + std::string(200, 'x') + "…': a part of the name has more than 255 bytes"},
                    Name{Deep(129), "'" + Deep(100) + "/…': more than 128 folders deep"}));

struct Link {
  std::string name;
  std::string target;
  std::string want;
};
void PrintTo(const Link& link, std::ostream* out) { *out << link.name << " to " << link.target; }

class TargetTest : public testing::TestWithParam<Link> {};

TEST_P(TargetTest, StaysInTheFolder) {
  const auto checked = CheckTarget(GetParam().name, GetParam().target);
  EXPECT_EQ(checked ? "" : checked.error().message, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    All, TargetTest,
    testing::Values(Link{"a", "b", ""}, Link{"a", "./b/c", ""}, Link{"a/b", "../c", ""}, Link{"a/b/c", "../../d/e", ""},
                    Link{"a/b", "..", ""}, Link{"a", "missing/file", ""}, Link{"a/b", "./../c", ""},
                    Link{"a", "", "'a': the link leads nowhere"},
                    Link{"a", "/etc/passwd", "'a': the link leads to an absolute path, '/etc/passwd'"},
                    Link{"a", "..", "'a': the link leads out of the folder, to '..'"},
                    Link{"a", "../b", "'a': the link leads out of the folder, to '../b'"},
                    Link{"a/b", "../../c", "'a/b': the link leads out of the folder, to '../../c'"},
                    Link{"a", "b/../../c", "'a': the link to 'b/../../c' has '..' behind a name"},
                    // Fine to the letter; but where s leads to a folder further up, this leads out.
                    Link{"d/y", "s/..", "'d/y': the link to 's/..' has '..' behind a name"}));

}  // namespace
}  // namespace coreflow::archive
