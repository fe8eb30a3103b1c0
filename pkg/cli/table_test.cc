#include "pkg/cli/table.h"

#include <gtest/gtest.h>

#include "pkg/cli/ago.h"
#include "pkg/cli/command.h"

namespace coreflow::cli {
namespace {

using std::chrono::seconds;

TEST(Table, AlignsByWhatIsSeenNotByBytes) {
  Table table({"NAME", "STATE"});
  table.Add({"zwölf", "Running"});
  table.Add({"a", ""});
  EXPECT_EQ(table.Text(), "NAME    STATE\nzwölf   Running\na\n");
  EXPECT_EQ(table.Text(false), "zwölf   Running\na\n");
}

TEST(Table, NothingWithoutRows) { EXPECT_EQ(Table({"NAME"}).Text(), ""); }

TEST(Table, TextOfOthersCanNotMoveTheCursor) { EXPECT_EQ(OneLine("a\x1b[2Jb\nc "), "a [2Jb c"); }

TEST(Fit, CutsByCharacters) {
  EXPECT_EQ(Fit("zwölf", 5), "zwölf");
  EXPECT_EQ(Fit("zwölf", 4), "zwö…");
  EXPECT_EQ(Fit("a\nb", 9), "a b");
}

TEST(Short, ShowsSpansAsKubectlDoes) {
  EXPECT_EQ(Short(seconds(-5)), "0s");
  EXPECT_EQ(Short(seconds(59)), "59s");
  EXPECT_EQ(Short(seconds(192)), "3m12s");
  EXPECT_EQ(Short(seconds(180)), "3m");
  EXPECT_EQ(Short(seconds(3600)), "60m");
  EXPECT_EQ(Short(seconds(4 * 3600 + 300)), "4h5m");
  EXPECT_EQ(Short(seconds(2 * 86400 + 4 * 3600)), "2d4h");
}

TEST(ParseDuration, TakesNumbersAndUnits) {
  EXPECT_EQ(ParseDuration("90"), Duration(seconds(90)));
  EXPECT_EQ(ParseDuration("1h30m"), Duration(seconds(5400)));
  EXPECT_EQ(ParseDuration("2d"), Duration(seconds(2 * 86400)));
  for (const char* bad : {"", "m", "1x", "-1s", "1m5", "10 m", "99999999999999999999s"}) {
    EXPECT_EQ(ParseDuration(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace coreflow::cli
