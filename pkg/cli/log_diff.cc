#include "pkg/cli/log_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "pkg/artifact/artifact.h"
#include "pkg/cli/kept_log.h"
#include "pkg/cli/operator_namespace.h"
#include "pkg/cli/pod_log.h"
#include "pkg/cli/store_reader.h"
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

bool MayHaveLog(const compare::Item& item) { return !item.pod.empty() || item.log; }

std::vector<Pair> PairsOf(const compare::Run& before, const compare::Run& after, const std::string& step) {
  std::vector<Pair> pairs;
  for (const compare::Step& one : before.steps) {
    const auto other = std::ranges::find(after.steps, one.name, &compare::Step::name);
    if (other == after.steps.end() || (!step.empty() && step != one.name)) continue;
    for (const compare::ItemPair& pair : compare::PairItems(one, *other)) {
      if (!pair.before || !pair.after || !MayHaveLog(*pair.before) || !MayHaveLog(*pair.after)) continue;
      // A result that one run took from the other has one log.
      if (!pair.before->pod.empty() && pair.before->pod == pair.after->pod) continue;
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

// The logs that were kept of pods that are gone. The way to them is looked for when the first one is wanted.
class KeptLogs {
 public:
  KeptLogs(Session& session, const LogDiffOptions& options) : session_(session), options_(options) {}

  // The last lines.
  Result<std::string> Read(const artifact::Artifact& log) {
    if (!reader_) reader_.emplace(Open());
    if (!*reader_) return reader_->error();
    std::string text;
    TRY_VOID(ReadKeptLog(**reader_, log, kMostLines, [&](std::string_view line) { (text += line) += '\n'; }));
    return text;
  }

 private:
  Result<StoreReader> Open() {
    TRY(const std::string operator_ns, OperatorNamespace(session_, options_.operator_ns, options_.ns));
    return StoreReader::Open(session_, options_.ns, operator_ns);
  }

  Session& session_;
  const LogDiffOptions& options_;
  std::optional<Result<StoreReader>> reader_ = {};
};

// One of two runs, as its logs are read.
class Side {
 public:
  Side(Session& session, const LogDiffOptions& options, const compare::Run& run, KeptLogs& kept)
      : session_(session), options_(options), run_(run), kept_(kept) {}

  // The message of an error says why there is none; kCancelled after Ctrl-C.
  Result<std::string> Read(const compare::Item& item) const {
    const auto lines = OfPod(item.pod);
    if (lines) return Joined(*lines);
    if (lines.error().code != Code::kNotFound) return lines.error();
    if (!item.log) {
      return Error{
          .code = Code::kNotFound,
          .message = fmt::format("the pod of {} is gone; spec.podCleanup says how long pods are kept", run_.name)};
    }
    auto kept = kept_.Read(*item.log);
    if (kept || kept.error().code == Code::kCancelled) return kept;
    return Error{.code = kept.error().code,
                 .message = fmt::format("the kept log of {}: {}", run_.name, kept.error().message)};
  }

 private:
  Result<std::vector<std::string>> OfPod(const std::string& pod) const {
    if (pod.empty()) return Error{.code = Code::kNotFound};
    return ReadLog(session_, {.ns = options_.ns, .name = pod}, {.tail = kMostLines});
  }

  Session& session_;
  const LogDiffOptions& options_;
  const compare::Run& run_;
  KeptLogs& kept_;
};

bool IsSameKept(const Pair& pair) {
  return pair.before->log && pair.after->log && pair.before->log->digest == pair.after->log->digest;
}

// Only Ctrl-C is an error.
Result<LogDiff::One> Compared(const Pair& pair, const Side& before, const Side& after) {
  LogDiff::One one{.at = pair.at};
  const auto first = before.Read(*pair.before);
  if (!first && first.error().code == Code::kCancelled) return first.error();
  const auto second = first ? after.Read(*pair.after) : first;
  if (!second && second.error().code == Code::kCancelled) return second.error();
  if (second) {
    one.diff = compare::UnifiedDiff(*first, *second);
  } else {
    one.missing = second.error().message;
  }
  return one;
}

}  // namespace

Result<LogDiff> DiffLogs(Session& session, const compare::Run& before, const compare::Run& after,
                         const LogDiffOptions& options) {
  KeptLogs kept(session, options);
  const Side first(session, options, before, kept);
  const Side second(session, options, after, kept);
  LogDiff diff{.asked = true};
  size_t read = 0;
  for (const Pair& pair : PairsOf(before, after, options.step)) {
    if (IsSameKept(pair)) {
      diff.logs.push_back({.at = pair.at});
    } else if (read == kMostPairs) {
      ++diff.left_out;
    } else {
      TRY(LogDiff::One one, Compared(pair, first, second));
      diff.logs.push_back(std::move(one));
      ++read;
    }
  }
  return diff;
}

}  // namespace coreflow::cli
