#include "pkg/kube/version_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace coreflow::kube {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using Change = VersionTable::Change;

const ObjectKey kA{"n", "a"}, kB{"n", "b"}, kC{"n", "c"};

TEST(VersionTable, TellsWhatIsNews) {
  VersionTable table;
  EXPECT_EQ(table.Upsert(kA, {"u", "1"}), (Change{.news = true}));
  EXPECT_EQ(table.Upsert(kA, {"u", "1"}), (Change{.news = false}));
  EXPECT_EQ(table.Upsert(kA, {"u", "2"}), (Change{.news = true}));
  EXPECT_EQ(table.size(), 1u);
}

TEST(VersionTable, ANameThatWasTakenAgainMeansThatTheFirstIsGone) {
  VersionTable table;
  table.Upsert(kA, {"u", "1"});
  EXPECT_EQ(table.Upsert(kA, {"v", "5"}), (Change{.gone = ObjectVersion{"u", "1"}, .news = true}));
}

TEST(VersionTable, ErasesOnce) {
  VersionTable table;
  table.Upsert(kA, {"u", "1"});
  EXPECT_EQ(table.Erase(kA), (ObjectVersion{"u", "1"}));
  EXPECT_EQ(table.Erase(kA), std::nullopt);
}

TEST(VersionTable, AListTakesOutWhatItLacks) {
  VersionTable table;
  table.Upsert(kC, {"u3", "3"});
  table.Upsert(kA, {"u1", "1"});
  table.Upsert(kB, {"u2", "2"});
  table.BeginList();
  table.Upsert(kB, {"u2", "2"});
  EXPECT_THAT(table.EndList(), ElementsAre(Pair(kA, ObjectVersion{"u1", "1"}), Pair(kC, ObjectVersion{"u3", "3"})));
  EXPECT_EQ(table.size(), 1u);
  table.BeginList();
  table.Upsert(kB, {"u2", "2"});
  EXPECT_THAT(table.EndList(), IsEmpty());
}

TEST(VersionTable, AListThatWasBegunAnewForgetsWhatTheFirstHasShown) {
  VersionTable table;
  table.BeginList();
  table.Upsert(kA, {"u", "1"});
  table.BeginList();
  table.Upsert(kB, {"u2", "2"});
  EXPECT_THAT(table.EndList(), ElementsAre(Pair(kA, ObjectVersion{"u", "1"})));
}

}  // namespace
}  // namespace coreflow::kube
