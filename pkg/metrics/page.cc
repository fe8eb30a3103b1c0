#include "pkg/metrics/page.h"

#include <fmt/format.h>

namespace coreflow::metrics {
namespace {

constexpr std::string_view kBegin = "<!-- metrics -->\n";
constexpr std::string_view kEnd = "<!-- end of metrics -->\n";

const char* TypeName(Type type) {
  switch (type) {
    case Type::kCounter: return "counter";
    case Type::kGauge: return "gauge";
    case Type::kHistogram: return "histogram";
  }
  return "";
}

std::string LabelLine(const Label& label) {
  std::string line = fmt::format("- `{}`:", label.name);
  const char* comma = " ";
  if (!label.open.empty()) {
    line += comma + label.open;
  } else {
    for (const std::string& value : label.values) {
      line += fmt::format("{}`{}`", comma, value);
      comma = ", ";
    }
  }
  return line + "\n";
}

std::string Section(const Description& metric) {
  std::string text = fmt::format("\n### {}\n\n{}. {}\n", metric.name, TypeName(metric.type), metric.help);
  if (!metric.labels.empty()) text += "\n";
  for (const Label& label : metric.labels) text += LabelLine(label);
  if (!metric.buckets.empty()) text += fmt::format("\nBuckets up to {}.\n", fmt::join(metric.buckets, ", "));
  if (!metric.use.empty()) text += fmt::format("\nUse: {}\n", metric.use);
  return text;
}

}  // namespace

std::string MetricSections(const Registry& registry) {
  std::string text;
  for (const Description& metric : registry.Descriptions()) text += Section(metric);
  return text + "\n";
}

std::string SplicePage(std::string_view page, std::string_view sections) {
  const size_t begin = page.find(kBegin);
  const size_t end = page.find(kEnd);
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) return "";
  return fmt::format("{}{}{}", page.substr(0, begin + kBegin.size()), sections, page.substr(end));
}

}  // namespace coreflow::metrics
