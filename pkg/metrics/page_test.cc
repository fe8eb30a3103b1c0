#include "pkg/metrics/page.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "pkg/metrics/loop_metrics.h"
#include "pkg/metrics/operator_metrics.h"
#include "pkg/metrics/outbox_metrics.h"
#include "pkg/metrics/process.h"
#include "pkg/metrics/store_metrics.h"

namespace coreflow::metrics {
namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(MetricsPage, SplicingReplacesWhatStandsBetweenTheMarkers) {
  EXPECT_EQ(SplicePage("a\n<!-- metrics -->\nold\n<!-- end of metrics -->\nz\n", "new\n"),
            "a\n<!-- metrics -->\nnew\n<!-- end of metrics -->\nz\n");
  EXPECT_EQ(SplicePage("no markers\n", "new\n"), "");
  EXPECT_EQ(SplicePage("<!-- end of metrics -->\n<!-- metrics -->\n", "new\n"), "");
}

TEST(MetricsPage, EachMetricHasItsLabelsAndAllTheirValues) {
  Registry registry;
  registry.AddCounter({.name = "b_total",
                       .help = "Bs.",
                       .labels = {{.name = "x", .values = {"1", "2"}}, {.name = "y", .open = "any"}},
                       .use = "Look."});
  registry.AddHistogram({.name = "a_seconds", .help = "As.", .buckets = {0.5, 10}});
  EXPECT_EQ(MetricSections(registry),
            "\n### a_seconds\n\nhistogram. As.\n\nBuckets up to 0.5, 10.\n"
            "\n### b_total\n\ncounter. Bs.\n\n- `x`: `1`, `2`\n- `y`: any\n\nUse: Look.\n\n");
}

// COREFLOW_UPDATE=1 writes the page instead of comparing it; `make generate` runs that.
TEST(MetricsPage, ThePageInDocsIsUpToDate) {
  const std::string path = "docs/metrics.md";  // ctest runs in the root of the sources
  Registry registry;
  OperatorMetrics metrics(registry, {});
  ProcessMetrics process(registry);
  StoreMetrics store(registry);
  OutboxMetrics outbox(registry);
  LoopMetrics loop(registry);
  const std::string have = ReadFile(path);
  const std::string want = SplicePage(have, MetricSections(registry));
  ASSERT_FALSE(want.empty()) << path << " lacks its markers";
  if (std::getenv("COREFLOW_UPDATE") != nullptr) {
    std::ofstream(path) << want;
  } else {
    EXPECT_EQ(have, want) << "run `make generate`";
  }
}

// Metrics that the prose and the queries of the page name exist.
TEST(MetricsPage, ThePageNamesNoMetricThatDoesNotExist) {
  Registry registry;
  OperatorMetrics metrics(registry, {});
  StoreMetrics store(registry);
  OutboxMetrics outbox(registry);
  LoopMetrics loop(registry);
  const std::string page = ReadFile("docs/metrics.md");
  const std::string known = MetricSections(registry);
  size_t named = 0;
  for (size_t at = page.find("coreflow_"); at != std::string::npos; at = page.find("coreflow_", at + 1)) {
    const size_t end = page.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", at);
    std::string name = page.substr(at, end - at);
    for (const char* suffix : {"_bucket", "_sum", "_count"}) {
      if (name.ends_with(std::string("_seconds") + suffix)) name.resize(name.size() - std::string(suffix).size());
    }
    EXPECT_THAT(known, testing::HasSubstr("### " + name + "\n")) << "at byte " << at;
    ++named;
  }
  EXPECT_GT(named, 10u);
}

}  // namespace
}  // namespace coreflow::metrics
