#include "pkg/cli/log_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pkg/cli/pod_log.h"
#include "pkg/compare/items.h"
#include "pkg/compare/line_diff.h"

namespace coreflow::cli {

namespace {

constexpr size_t kMostPairs = 50;       // of logs that are read
constexpr int64_t kMostLines = 20'000;  // of each log, the last ones

struct Pair {
  compare::Place at = {};
  const compare::Item* before = nullptr;
  const compare::Item* after = nullptr;
};

std::vector<Pair> PairsOf(const compare::Run& before, const compare::Run& after, const std::string& step) {
  std::vector<Pair> pairs;
  for (const compare::Step& one : before.steps) {
    const auto other = std::ranges::find(after.steps, one.name, &compare::Step::name);
    if (other == after.steps.end() || (!step.empty() && step != one.name)) continue;
    for (const compare::ItemPair& pair : compare::PairItems(one, *other)) {
      if (!pair.before || !pair.after || pair.before->pod.empty() || pair.after->pod.empty()) continue;
      // A result that one run took from the other has one log.
      if (pair.before->pod == pair.after->pod) continue;
      pairs.push_back({.at = compare::PlaceOf(one.name, pair), .before = pair.before, .after = pair.after});
    }
  }
  return pairs;
}

std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) (text += line) += '\n';
  return text;
}

}  // namespace

Result<LogDiff> DiffLogs(Session& session, const std::string& ns, const compare::Run& before, const compare::Run& after,
                         const std::string& step) {
  std::vector<Pair> pairs = PairsOf(before, after, step);
  LogDiff diff{.asked = true, .left_out = pairs.size() - std::min(pairs.size(), kMostPairs)};
  pairs.resize(pairs.size() - diff.left_out);
  for (const Pair& pair : pairs) {
    LogDiff::One one{.at = pair.at};
    std::string texts[2];
    const std::pair<const compare::Run*, const compare::Item*> sides[2] = {{&before, pair.before},
                                                                           {&after, pair.after}};
    for (size_t i = 0; i < 2; ++i) {
      const auto& [run, item] = sides[i];
      const auto lines = ReadLog(session, {.ns = ns, .name = item->pod}, {.tail = kMostLines});
      if (!lines && lines.error().code == Code::kCancelled) return lines.error();
      if (lines) texts[i] = Joined(*lines);
      if (lines || !one.missing.empty()) continue;
      one.missing = lines.error().code == Code::kNotFound
                        ? fmt::format("the pod of {} is gone; spec.podCleanup says how long pods are kept", run->name)
                        : lines.error().message;
    }
    if (one.missing.empty()) one.diff = compare::UnifiedDiff(texts[0], texts[1]);
    diff.logs.push_back(std::move(one));
  }
  return diff;
}

}  // namespace coreflow::cli
