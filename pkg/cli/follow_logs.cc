#include "pkg/cli/follow_logs.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "pkg/api/pattern.h"
#include "pkg/cli/await_run.h"
#include "pkg/cli/exit_code.h"
#include "pkg/cli/kept_log.h"
#include "pkg/cli/operator_namespace.h"
#include "pkg/cli/pod_log.h"
#include "pkg/cli/run_view.h"
#include "pkg/cli/store_reader.h"
#include "pkg/cli/table.h"

namespace coreflow::cli {

namespace {

constexpr size_t kMostAtOnce = 32;  // logs that are followed at the same time

// An item whose log is wanted.
struct Wanted {
  std::string pod = {};                        // empty: it never had one in this run
  std::string label = {};                      // "count[3]", before each line
  std::optional<artifact::Artifact> log = {};  // that was kept
  std::optional<Time> end = {};

  const std::string& key() const { return pod.empty() ? label : pod; }
};

std::string LabelOf(const StepView& step, const ItemView& item) {
  return item.index ? fmt::format("{}[{}]", step.name, *item.index) : step.name;
}

// Which items of the view the options mean: those that have started, or took an earlier result with its log, in the
// order of steps and items.
std::vector<Wanted> Choose(const RunView& view, const LogsOptions& options) {
  std::vector<Wanted> wanted;
  for (const StepView& step : view.steps) {
    for (const ItemView& item : step.items) {
      const std::string label = LabelOf(step, item);
      if (!options.step.empty() && options.step != step.name && options.step != label) continue;
      if (options.failed_only && item.state != ItemState::kFailed) continue;
      Wanted one{.pod = item.pod, .label = label, .end = item.end};
      const auto log = item.artifacts.find(artifact::kLogArtifact);
      if (log != item.artifacts.end()) one.log = log->second;
      if ((item.pod.empty() || !item.start) && !one.log) continue;
      wanted.push_back(std::move(one));
    }
  }
  return wanted;
}

// The step of "count[3]", too.
std::string StepName(const LogsOptions& options) { return options.step.substr(0, options.step.find('[')); }

// Lines on their way out.
class Printer {
 public:
  static Result<Printer> Make(Environment& environment, const LogsOptions& options) {
    Printer printer(environment, options.prefix);
    if (options.grep.empty()) return printer;
    auto pattern = api::Pattern::Compile(fmt::format("(?s).*(?:{}).*", options.grep));
    if (!pattern) {
      return Error{.code = Code::kInvalid,
                   .message = fmt::format("--grep is no RE2 expression: {}", pattern.error().message)};
    }
    printer.grep_ = *std::move(pattern);
    return printer;
  }

  void Line(const std::string& label, std::string_view line) const {
    if (grep_ && !grep_->Matches(line)) return;
    environment_->out(prefix_ ? fmt::format("[{}] {}\n", label, line) : fmt::format("{}\n", line));
  }
  void Trouble(const std::string& label, const std::string& message) const {
    environment_->err(fmt::format("{}: {}\n", label, message));
  }

 private:
  Printer(Environment& environment, bool prefix) : environment_(&environment), prefix_(prefix) {}

  Environment* environment_;
  bool prefix_;
  std::optional<api::Pattern> grep_ = {};
};

// The logs that were kept of pods that are gone. The way to them is looked for when the first one is wanted.
class KeptLogs {
 public:
  KeptLogs(Session& session, std::string ns, const LogsOptions& options, const Printer& printer)
      : session_(session), ns_(std::move(ns)), options_(options), printer_(printer) {}

  // REQUIRES: there is one.
  Result<void> Print(const Wanted& wanted) {
    const Time now = session_.environment().loop.Now();
    // What came when is not kept.
    if (options_.since && wanted.end && *wanted.end < now - *options_.since) return {};
    if (options_.since) printer_.Trouble(wanted.label, "a kept log has no times: this is all of it");
    if (!reader_) {
      TRY(const std::string operator_ns, OperatorNamespace(session_, options_.operator_ns, ns_));
      TRY(reader_, StoreReader::Open(session_, ns_, operator_ns));
    }
    return ReadKeptLog(*reader_, *wanted.log, options_.tail,
                       [&](std::string_view line) { printer_.Line(wanted.label, line); });
  }

 private:
  Session& session_;
  const std::string ns_;
  const LogsOptions& options_;
  const Printer& printer_;
  std::optional<StoreReader> reader_ = {};
};

// Follows the logs of pods as they start. On the loop.
class Follower {
 public:
  Follower(Session& session, std::string ns, LogsOptions options, Printer printer)
      : session_(session), ns_(std::move(ns)), options_(std::move(options)), printer_(std::move(printer)) {}
  ~Follower() {
    for (const auto& [pod, ticket] : open_) session_.client().Cancel(ticket);
  }
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  void Update(const RunView& view) {
    for (Wanted& wanted : Choose(view, options_)) {
      if (!seen_.insert(wanted.key()).second) continue;
      if (wanted.pod.empty()) {
        gone_.emplace_back(std::move(wanted), "it had no pod");
      } else {
        queue_.push_back(std::move(wanted));
      }
    }
    OpenMore();
  }
  // Its log has been printed.
  void Skip(const Wanted& wanted) { seen_.insert(wanted.key()); }
  // Those whose pods were gone when their turn came, with what was said of it.
  const std::vector<std::pair<Wanted, std::string>>& gone() const { return gone_; }
  bool idle() const { return open_.empty() && queue_.empty(); }
  void OnIdle(std::function<void()> done) { on_idle_ = std::move(done); }

 private:
  void OpenMore() {
    while (!queue_.empty() && open_.size() < kMostAtOnce) {
      const Wanted wanted = std::move(queue_.front());
      queue_.erase(queue_.begin());
      Open(wanted);
    }
  }

  void Open(const Wanted& wanted) {
    const auto guarded = [weak = std::weak_ptr(alive_)](auto work) {
      return [weak, work](const auto& argument) {
        if (!weak.expired()) work(argument);
      };
    };
    auto ticket = StreamLog(
        session_, {.ns = ns_, .name = wanted.pod}, {.follow = true, .tail = options_.tail, .since = options_.since},
        guarded([this, label = wanted.label](std::string_view line) { printer_.Line(label, line); }),
        guarded([this, wanted](const std::optional<Error>& error) {
          if (error && error->code == Code::kNotFound) {
            gone_.emplace_back(wanted, error->message);
          } else if (error && error->code != Code::kCancelled) {
            printer_.Trouble(wanted.label, error->message);
          }
          open_.erase(wanted.pod);
          OpenMore();
          if (idle() && on_idle_) on_idle_();
        }));
    if (ticket) open_[wanted.pod] = *ticket;
  }

  Session& session_;
  const std::string ns_;
  const LogsOptions options_;
  const Printer printer_;
  std::set<std::string> seen_;
  std::vector<Wanted> queue_;
  std::vector<std::pair<Wanted, std::string>> gone_;
  std::map<std::string, kube::Client::Ticket> open_;
  std::function<void()> on_idle_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

// The log of its pod, kNotFound when there is none.
Result<std::vector<std::string>> ReadOf(Session& session, const FoundRun& run, const Wanted& wanted,
                                        const LogsOptions& options) {
  if (wanted.pod.empty()) return Error{.code = Code::kNotFound};
  return ReadLog(session, {.ns = run.key.ns, .name = wanted.pod}, {.tail = options.tail, .since = options.since});
}

bool HasPod(const RunParts& parts, const std::string& name) {
  return std::ranges::any_of(parts.pods,
                             [&](const json::Value& pod) { return pod["metadata"]["name"].StringOr("") == name; });
}

// What has ended and lost its pod before we came. Only Ctrl-C is an error: the run goes on, whatever can't be read.
Result<void> PrintEnded(const FoundRun& run, const RunParts& parts, const LogsOptions& options, const Printer& printer,
                        KeptLogs& kept, Follower& follower) {
  for (const Wanted& wanted : Choose(ViewOf(run.object, parts.records, parts.pods), options)) {
    if (!wanted.log || !wanted.end || HasPod(parts, wanted.pod)) continue;
    follower.Skip(wanted);
    const auto printed = kept.Print(wanted);
    if (!printed && printed.error().code == Code::kCancelled) return printed;
    if (!printed) printer.Trouble(wanted.label, printed.error().message);
  }
  return {};
}

// What lost its pod before its log could be opened. `view`: of the end, when it is known what was kept.
Result<void> PrintGone(const RunView& view, const LogsOptions& options, const Printer& printer, KeptLogs& kept,
                       const Follower& follower) {
  const std::vector<Wanted> last = Choose(view, options);
  for (const auto& [gone, message] : follower.gone()) {
    const auto found = std::ranges::find(last, gone.key(), &Wanted::key);
    const bool has_log = found != last.end() && found->log;
    const auto printed =
        has_log ? kept.Print(*found) : Result<void>(Error{.code = Code::kNotFound, .message = message});
    if (!printed && printed.error().code == Code::kCancelled) return printed;
    if (!printed) printer.Trouble(gone.label, printed.error().message);
  }
  return {};
}

Result<int> Live(Session& session, const FoundRun& run, const LogsOptions& options, const Printer& printer) {
  KeptLogs kept(session, run.key.ns, options, printer);
  Follower follower(session, run.key.ns, options, printer);
  TRY(const RunParts parts, ReadParts(session, run));
  TRY_VOID(PrintEnded(run, parts, options, printer, kept, follower));
  Result<void> step = {};
  RunView view;
  const auto done = [&](const RunWatch& watch) {
    view = ViewOf(watch.object(), watch.records(), watch.pods());
    step = CheckStep(view, StepName(options));
    if (!step) return true;
    follower.Update(view);
    return view.over;
  };
  TRY(Awaited awaited, AwaitRun(session, run, {.parts = true, .done = done}));
  if (!step) return step.error();
  if (awaited.end != WaitEnd::kDone) return GiveUp(session, awaited);
  if (!follower.idle()) {
    Waiter waiter(session.environment());
    follower.OnIdle(waiter.OnDone());
    if (waiter.Run() == WaitEnd::kInterrupted) return kInterrupted;
  }
  TRY_VOID(PrintGone(view, options, printer, kept, follower));
  session.environment().err(ResultLine(awaited.object));
  return ExitCodeOfRun(awaited.object);
}

}  // namespace

Result<int> FollowLogs(Session& session, const FoundRun& run, const LogsOptions& options) {
  TRY(const Printer printer, Printer::Make(session.environment(), options));
  if (options.follow && !IsOver(run.object)) return Live(session, run, options, printer);
  TRY(RunParts parts, ReadParts(session, run));
  const RunView view = ViewOf(run.object, parts.records, parts.pods);
  TRY_VOID(CheckStep(view, StepName(options)));
  const std::vector<Wanted> wanted = Choose(view, options);
  KeptLogs kept(session, run.key.ns, options, printer);
  size_t read = 0;
  for (const Wanted& one : wanted) {
    const auto lines = ReadOf(session, run, one, options);
    if (!lines && lines.error().code == Code::kNotFound) {  // its pod is gone
      if (!one.log) continue;
      TRY_VOID(kept.Print(one));
      ++read;
      continue;
    }
    if (!lines) return lines.error();
    ++read;
    for (const std::string& line : *lines) printer.Line(one.label, line);
  }
  if (read > 0 || !options.grep.empty()) return kDone;
  const std::string what = options.failed_only ? "no step has failed" : "no step has started";
  return Error{
      .code = Code::kNotFound,
      .message = wanted.empty()
                     ? fmt::format("there is nothing to read: {}", what)
                     : fmt::format("there is nothing to read: the pods are gone, as spec.podCleanup ({}) says, and "
                                   "no log was kept; 'archiveLogs: true' of a step keeps its own",
                                   run.object["spec"]["podCleanup"].StringOr("OnSuccess"))};
}

}  // namespace coreflow::cli
