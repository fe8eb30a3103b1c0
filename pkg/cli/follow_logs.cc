#include "pkg/cli/follow_logs.h"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <set>
#include <utility>

#include "pkg/api/pattern.h"
#include "pkg/cli/await_run.h"
#include "pkg/cli/exit_code.h"
#include "pkg/cli/pod_log.h"
#include "pkg/cli/run_view.h"
#include "pkg/cli/table.h"

namespace coreflow::cli {

namespace {

constexpr size_t kMostAtOnce = 32;  // logs that are followed at the same time

// A pod whose log is wanted.
struct Wanted {
  std::string pod = {};
  std::string label = {};  // "count[3]", before each line
};

std::string LabelOf(const StepView& step, const ItemView& item) {
  return item.index ? fmt::format("{}[{}]", step.name, *item.index) : step.name;
}

// Which pods of the view the options mean: those that have started, in the order of steps and items.
std::vector<Wanted> Choose(const RunView& view, const LogsOptions& options) {
  std::vector<Wanted> wanted;
  for (const StepView& step : view.steps) {
    for (const ItemView& item : step.items) {
      const std::string label = LabelOf(step, item);
      if (!options.step.empty() && options.step != step.name && options.step != label) continue;
      if (options.failed_only && item.state != ItemState::kFailed) continue;
      if (item.pod.empty() || !item.start) continue;
      wanted.push_back({.pod = item.pod, .label = label});
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
      if (seen_.insert(wanted.pod).second) queue_.push_back(std::move(wanted));
    }
    OpenMore();
  }
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
          if (error && error->code != Code::kCancelled) printer_.Trouble(wanted.label, error->message);
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
  std::map<std::string, kube::Client::Ticket> open_;
  std::function<void()> on_idle_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

Result<int> Live(Session& session, const FoundRun& run, const LogsOptions& options, Printer printer) {
  Follower follower(session, run.key.ns, options, std::move(printer));
  Result<void> step = {};
  const auto done = [&](const RunWatch& watch) {
    const RunView view = ViewOf(watch.object(), watch.records(), watch.pods());
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
  session.environment().err(ResultLine(awaited.object));
  return ExitCodeOfRun(awaited.object);
}

}  // namespace

Result<int> FollowLogs(Session& session, const FoundRun& run, const LogsOptions& options) {
  TRY(Printer printer, Printer::Make(session.environment(), options));
  if (options.follow && !IsOver(run.object)) return Live(session, run, options, std::move(printer));
  TRY(RunParts parts, ReadParts(session, run));
  const RunView view = ViewOf(run.object, parts.records, parts.pods);
  TRY_VOID(CheckStep(view, StepName(options)));
  const std::vector<Wanted> wanted = Choose(view, options);
  size_t read = 0;
  std::string first_trouble;
  for (const Wanted& one : wanted) {
    const auto lines =
        ReadLog(session, {.ns = run.key.ns, .name = one.pod}, {.tail = options.tail, .since = options.since});
    if (!lines && lines.error().code == Code::kNotFound) continue;  // its pod is gone
    if (!lines) return lines.error();
    ++read;
    for (const std::string& line : *lines) printer.Line(one.label, line);
  }
  if (read > 0 || !options.grep.empty()) return kDone;
  const std::string what = options.failed_only ? "no step has failed" : "no step has started";
  return Error{.code = Code::kNotFound,
               .message = wanted.empty()
                              ? fmt::format("there is nothing to read: {}", what)
                              : fmt::format("there is nothing to read: the pods are gone, as spec.podCleanup ({}) says",
                                            run.object["spec"]["podCleanup"].StringOr("OnSuccess"))};
}

}  // namespace coreflow::cli
