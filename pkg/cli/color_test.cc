#include "pkg/cli/color.h"

#include <gtest/gtest.h>

#include "pkg/reactor/virtual_loop.h"

namespace coreflow::cli {
namespace {

struct Case {
  const char* name;
  std::string flag;  // empty: none
  std::map<std::string, std::string, std::less<>> variables;
  bool terminal;
  bool want;
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

class ColorTest : public testing::TestWithParam<Case> {};

TEST_P(ColorTest, IsWanted) {
  reactor::VirtualLoop loop;
  Environment environment{.loop = loop};
  environment.variables = GetParam().variables;
  if (GetParam().terminal) environment.terminal = [] { return Terminal{}; };
  Arguments arguments;
  if (!GetParam().flag.empty()) arguments.flags["color"] = {GetParam().flag};
  EXPECT_EQ(WantsColor(environment, arguments), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Cli, ColorTest,
    testing::Values(Case{"OnATerminal", "", {}, true, true}, Case{"NotElsewhere", "", {}, false, false},
                    Case{"Auto", "auto", {}, true, true}, Case{"AutoElsewhere", "auto", {}, false, false},
                    Case{"NoColor", "", {{"NO_COLOR", "1"}}, true, false},
                    Case{"AnEmptyNoColorIsNone", "", {{"NO_COLOR", ""}}, true, true},
                    Case{"Forced", "", {{"CLICOLOR_FORCE", "1"}}, false, true},
                    Case{"NotForcedByZero", "", {{"CLICOLOR_FORCE", "0"}}, false, false},
                    Case{"NoColorWinsOverForce", "", {{"NO_COLOR", "1"}, {"CLICOLOR_FORCE", "1"}}, true, false},
                    Case{"TheFlagWinsOverAll", "always", {{"NO_COLOR", "1"}}, false, true},
                    Case{"NeverWinsOverForce", "never", {{"CLICOLOR_FORCE", "1"}}, true, false}),
    [](const auto& info) { return info.param.name; });

TEST(Colored, OnlyStatesHaveColors) {
  EXPECT_EQ(Colored("Failed", true), "\x1b[31mFailed\x1b[0m");
  EXPECT_EQ(Colored("Failed", false), "Failed");
  EXPECT_EQ(Colored("else", true), "else");
  EXPECT_EQ(Colored("", true), "");
}

TEST(Colored, AWordThatWasCutHasNone) {
  EXPECT_EQ(ColoredWithin("a Failed b", 2, "Failed", true), "a \x1b[31mFailed\x1b[0m b");
  EXPECT_EQ(ColoredWithin("a Fai…", 2, "Failed", true), "a Fai…");
  EXPECT_EQ(ColoredWithin("a", 9, "Failed", true), "a");
}

}  // namespace
}  // namespace coreflow::cli
