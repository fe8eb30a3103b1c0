#include "pkg/metrics/registry.h"

#include <gmock/gmock.h>

namespace coreflow::metrics {
namespace {

TEST(Registry, TextIsOrderedByNameAndLabels) {
  Registry registry;
  auto zebras = registry.AddCounter(
      {.name = "coreflow_zebras_total", .help = "Zebras.", .labels = {{.name = "kind", .values = {"b", "a"}}}});
  zebras.With({"b"}).Increment(2);
  zebras.With({"a"}).Increment();
  registry.AddGauge({.name = "coreflow_apes", .help = "Apes."}).With({}).Set(-1.5);
  EXPECT_EQ(registry.Text(),
            "# HELP coreflow_apes Apes.\n"
            "# TYPE coreflow_apes gauge\n"
            "coreflow_apes -1.5\n"
            "# HELP coreflow_zebras_total Zebras.\n"
            "# TYPE coreflow_zebras_total counter\n"
            "coreflow_zebras_total{kind=\"a\"} 1\n"
            "coreflow_zebras_total{kind=\"b\"} 2\n");
}

TEST(Registry, AHistogramCountsEachValueInItsBuckets) {
  Registry registry;
  auto waits = registry.AddHistogram({.name = "coreflow_wait_seconds", .help = "Waits.", .buckets = {0.5, 2}}).With({});
  for (double value : {0.1, 1.0, 7.0}) waits.Observe(value);
  const std::string text = registry.Text();
  for (const char* line : {"coreflow_wait_seconds_bucket{le=\"0.5\"} 1\n", "coreflow_wait_seconds_bucket{le=\"2\"} 2\n",
                           "coreflow_wait_seconds_bucket{le=\"+Inf\"} 3\n", "coreflow_wait_seconds_count 3\n",
                           "coreflow_wait_seconds_sum 8.1"}) {
    EXPECT_THAT(text, testing::HasSubstr(line));
  }
}

TEST(Registry, TheSameLabelsGiveTheSameSeries) {
  Registry registry;
  auto family = registry.AddCounter({.name = "a_total", .help = "A.", .labels = {{.name = "x", .open = "anything"}}});
  family.With({"1"}).Increment();
  family.With({"1"}).Increment();
  EXPECT_EQ(family.With({"1"}).Value(), 2);
  EXPECT_EQ(family.With({"2"}).Value(), 0);
}

TEST(Registry, AHostileLabelValueStaysInsideItsQuotes) {
  Registry registry;
  registry.AddGauge({.name = "a", .help = "A.", .labels = {{.name = "x", .open = "anything"}}})
      .With({"\"} 9\na{x=\"\\"})
      .Set(1);
  EXPECT_THAT(registry.Text(), testing::EndsWith("\na{x=\"\\\"} 9\\na{x=\\\"\\\\\"} 1\n"));
}

TEST(RegistryDeathTest, ALabelValueThatWasNotAnnouncedAborts) {
  Registry registry;
  auto family = registry.AddCounter({.name = "a_total", .help = "A.", .labels = {{.name = "x", .values = {"1"}}}});
  EXPECT_DEATH(family.With({"2"}), "label values come from the list");
  EXPECT_DEATH(family.With({}), "one value for each label");
}

TEST(RegistryDeathTest, TwoMetricsOfOneNameAbort) {
  Registry registry;
  registry.AddGauge({.name = "a", .help = "A."});
  EXPECT_DEATH(registry.AddCounter({.name = "a", .help = "A."}), "made once");
}

}  // namespace
}  // namespace coreflow::metrics
