#include "pkg/metrics/workflow_label.h"

#include <gtest/gtest.h>

#include <ostream>

namespace coreflow::metrics {
namespace {

struct Case {
  std::string name;
  std::string generate_name;
  std::string want;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name << " from " << c.generate_name; }

class DeclaredNameOf : public testing::TestWithParam<Case> {};

TEST_P(DeclaredNameOf, IsWhatSomebodyWrote) {
  EXPECT_EQ(DeclaredName(GetParam().name, GetParam().generate_name), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(WorkflowLabel, DeclaredNameOf,
                         testing::Values(Case{"nightly", "", "nightly"},                // named by hand
                                         Case{"nightly-x7k2p", "nightly-", "nightly"},  // by the API server
                                         Case{"nightly-x7k2p", "weekly-", "nightly-x7k2p"},
                                         Case{"x7k2p", "-", "x7k2p"}));

TEST(WorkflowLabel, NamesOverTheCapShareOneValueAndEarlierOnesStay) {
  WorkflowLabel label(2);
  EXPECT_EQ(label.For("a"), "a");
  EXPECT_EQ(label.For("b"), "b");
  EXPECT_EQ(label.For("c"), "_other");
  EXPECT_EQ(label.For("a"), "a");
}

TEST(WorkflowLabel, ACapOfZeroHidesAllNames) { EXPECT_EQ(WorkflowLabel(0).For("a"), "_other"); }

}  // namespace
}  // namespace coreflow::metrics
