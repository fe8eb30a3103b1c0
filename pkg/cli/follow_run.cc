#include "pkg/cli/follow_run.h"

#include <fmt/format.h>

#include <memory>

#include "pkg/cli/await_run.h"
#include "pkg/cli/pod_log.h"
#include "pkg/cli/progress.h"
#include "pkg/cli/run_view.h"
#include "pkg/cli/table.h"

namespace coreflow::cli {

namespace {

constexpr Duration kLeastPause = std::chrono::milliseconds(100);  // between two screens
constexpr Duration kTick = std::chrono::seconds(1);               // durations go on
constexpr size_t kMostReports = 5;
constexpr int64_t kLogLines = 20;

// Draws what a watch knows, not too often. On the loop.
class Display : public std::enable_shared_from_this<Display> {
 public:
  Display(Environment& environment, ProgressStyle style)
      : environment_(environment), style_(style), screen_(environment) {}

  // There is something new in `watch`, which lives until Close.
  void Update(const RunWatch& watch) {
    watch_ = &watch;
    if (style_ == ProgressStyle::kReport || style_ == ProgressStyle::kNone) return;
    if (style_ == ProgressStyle::kPlain) return Draw();
    if (!drawing_) Later(kLeastPause);
  }
  void Close(const RunView& last) {
    watch_ = nullptr;
    if (style_ == ProgressStyle::kScreen || style_ == ProgressStyle::kPlain) Show(last);
  }

 private:
  void Later(Duration pause) {
    drawing_ = true;
    environment_.loop.After(pause, [weak = weak_from_this(), turn = ++turn_] {
      auto self = weak.lock();
      if (!self || self->watch_ == nullptr || turn != self->turn_) return;
      self->Draw();
      self->Later(kTick);
      self->drawing_ = false;
    });
  }

  void Draw() { Show(ViewOf(watch_->object(), watch_->records(), watch_->pods())); }

  void Show(const RunView& view) {
    const Time now = environment_.loop.Now();
    if (style_ == ProgressStyle::kScreen) {
      screen_.Show(ProgressLines(view, now, environment_.terminal().value_or(Terminal{}), environment_.color));
    } else if (const std::string news = changes_.Since(view, now, environment_.color); !news.empty()) {
      environment_.out(news);
    }
  }

  Environment& environment_;
  const ProgressStyle style_;
  Screen screen_;
  Changes changes_;
  const RunWatch* watch_ = nullptr;
  bool drawing_ = false;  // a screen is due soon
  uint64_t turn_ = 0;
};

std::string ItemName(const StepView& step, const ItemView& item) {
  return item.index ? fmt::format("{}[{}]", step.name, *item.index) : step.name;
}

// What failed, each with the end of its log.
void Report(Session& session, const RunView& view) {
  size_t reported = 0;
  size_t failed = 0;
  for (const StepView& step : view.steps) {
    for (const ItemView& item : step.items) {
      if (item.state != ItemState::kFailed || ++failed > kMostReports) continue;
      ++reported;
      std::string text = fmt::format("\nstep {}: {}{}{}\n", ItemName(step, item), item.reason,
                                     item.message.empty() ? "" : ": ", item.message);
      if (!item.pod.empty()) {
        const auto lines = ReadLog(session, {.ns = view.ns, .name = item.pod}, {.tail = kLogLines});
        if (lines) {
          for (const std::string& line : *lines) text += "  | " + OneLine(line) + "\n";
        } else {
          text += fmt::format("  no log: {}\n", lines.error().message);
        }
      }
      session.environment().out(text);
    }
  }
  if (failed > reported) session.environment().out(fmt::format("\nand {} more failed\n", failed - reported));
}

}  // namespace

ProgressStyle StyleNamed(const Environment& environment, const std::string& word) {
  if (word == "tty") return ProgressStyle::kScreen;
  if (word == "plain") return ProgressStyle::kPlain;
  if (word == "report") return ProgressStyle::kReport;
  if (word == "none") return ProgressStyle::kNone;
  return environment.terminal() ? ProgressStyle::kScreen : ProgressStyle::kPlain;
}

Result<int> FollowRun(Session& session, const FoundRun& run, ProgressStyle style) {
  Environment& environment = session.environment();
  auto display = std::make_shared<Display>(environment, style);
  const auto done = [&](const RunWatch& watch) {
    display->Update(watch);
    return RunIsOver(watch);
  };
  TRY(Awaited awaited, AwaitRun(session, run, {.parts = true, .done = done}));
  if (awaited.end != WaitEnd::kDone) return GiveUp(session, awaited);
  // Records may come a moment after the status that needs them.
  TRY(RunParts parts, ReadParts(session, {.resource = run.resource, .key = run.key, .object = awaited.object}));
  const RunView view = ViewOf(awaited.object, parts.records, parts.pods);
  display->Close(view);
  if (style != ProgressStyle::kNone) Report(session, view);
  environment.out((style == ProgressStyle::kNone ? "" : "\n") + ResultLine(awaited.object) +
                  OutputLines(awaited.object));
  return ExitCodeOfRun(awaited.object);
}

}  // namespace coreflow::cli
