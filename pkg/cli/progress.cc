#include "pkg/cli/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <string_view>

#include "pkg/cli/ago.h"
#include "pkg/cli/color.h"
#include "pkg/cli/step_table.h"
#include "pkg/cli/table.h"

namespace coreflow::cli {

namespace {

using enum ItemState;

constexpr size_t kMostItems = 5;  // of one step, on a screen with room for them

const std::set<std::string_view> kMoments = {"PendingEvaluation", "Starting"};

constexpr const char* MarkOf(ItemState state) {
  switch (state) {
    case kPending: return "○";
    case kRunning: return "●";
    case kRetrying: return "↻";
    case kSucceeded: return "✓";
    case kFailed: return "✗";
    case kSkipped:
    case kOmitted:
    case kStopped: return "-";
  }
  return " ";
}

// What wants to be seen first.
int Rank(ItemState state) {
  constexpr std::array kOrder = {kRunning, kRetrying, kFailed, kStopped, kPending, kOmitted, kSkipped, kSucceeded};
  return static_cast<int>(std::ranges::find(kOrder, state) - kOrder.begin());
}

std::string Lower(std::string_view word) {
  std::string lower(word);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

struct Line {
  std::string text = {};
  size_t word_at = 0;  // where that of the state begins
  ItemState state = kPending;
  int64_t stands_for = 1;  // items of that state
  bool of_item = false;
};

// What the state does not say already.
std::string Why(const RunView& view) {
  if (view.message.empty() && (view.reason == view.state || view.reason == "PendingEvaluation")) return "";
  return view.message.empty() ? view.reason : fmt::format("{}: {}", view.reason, view.message);
}

std::string Heading(const RunView& view, Time now) {
  std::string text = fmt::format("{}  {}  {}", view.name, view.state, view.progress.empty() ? "0/?" : view.progress);
  if (view.start) text += "  " + Short(view.end.value_or(now) - *view.start);
  if (const std::string why = Why(view); !why.empty()) text += "  " + why;
  return text;
}

class Lines {
 public:
  Lines(const RunView& view, Time now, const Terminal& terminal, bool color)
      : view_(view), now_(now), terminal_(terminal), color_(color) {
    for (const StepView& step : view.steps) name_width_ = std::max(name_width_, Columns(step.name));
    name_width_ = std::min(name_width_, static_cast<size_t>(std::max(terminal.width, 40)) / 3);
  }

  std::vector<std::string> Make() {
    const size_t room = static_cast<size_t>(std::max(terminal_.height, 4)) - 1;
    std::vector<Line> lines = All(kMostItems);
    if (lines.size() + 1 > room) lines = All(1);
    if (lines.size() + 1 > room) lines = Folded(room - 1);
    std::vector<std::string> texts = {Heading(view_, now_)};
    const auto width = static_cast<size_t>(std::max(terminal_.width, 20));
    texts.front() = ColoredWithin(Fit(texts.front(), width - 1), view_.name.size() + 2, view_.state, color_);
    for (const Line& line : lines) {
      texts.push_back(ColoredWithin(Fit(line.text, width - 1), line.word_at, json::EnumName(line.state), color_));
    }
    return texts;
  }

 private:
  Line OfStep(const StepView& step) const {
    const std::string duration = StepDuration(step, now_);
    const std::string detail = StepDetail(step);
    const std::string name = Fit(step.name, name_width_);
    const std::string head =
        fmt::format("{} {}{:{}}  ", MarkOf(step.state), name, "", name_width_ - std::min(name_width_, Columns(name)));
    return {.text = fmt::format("{}{:<9}{}{}{}{}", head, json::EnumName(step.state), duration.empty() ? "" : "  ",
                                duration, detail.empty() ? "" : "  ", detail),
            .word_at = head.size(),
            .state = step.state,
            .stands_for = step.has_items && !step.items.empty() ? static_cast<int64_t>(step.items.size()) : 1};
  }

  Line OfItem(const StepView& step, const ItemView& item) const {
    const std::string head = fmt::format("  {} {}[{}]  ", MarkOf(item.state), step.name, item.index.value_or(0));
    std::string text = head + std::string(json::EnumName(item.state));
    if (item.attempt > 1) text += fmt::format("  attempt {}", item.attempt);
    if (item.start) text += "  " + Short(item.end.value_or(now_) - *item.start);
    if (!item.message.empty()) text += fmt::format("  {}: {}", item.reason, item.message);
    return {.text = text, .word_at = head.size(), .state = item.state, .of_item = true};
  }

  // Every step, each with at most so many of its items that run or failed.
  std::vector<Line> All(size_t items) const {
    std::vector<Line> lines;
    for (const StepView& step : view_.steps) {
      lines.push_back(OfStep(step));
      if (!step.has_items) continue;
      std::vector<const ItemView*> shown;
      for (const ItemView& item : step.items) {
        if (Rank(item.state) <= Rank(kFailed) || (item.state == kPending && !item.message.empty())) {
          shown.push_back(&item);
        }
      }
      std::ranges::stable_sort(shown, {}, [](const ItemView* item) { return Rank(item->state); });
      for (size_t i = 0; i < std::min(shown.size(), items); ++i) lines.push_back(OfItem(step, *shown[i]));
      if (shown.size() > items && items > 1) {
        lines.push_back({.text = fmt::format("  … {} more", Thousands(static_cast<int64_t>(shown.size() - items))),
                         .of_item = true});
      }
    }
    return lines;
  }

  // The most urgent steps, and a last line that counts the others.
  std::vector<Line> Folded(size_t room) const {
    std::vector<Line> steps;
    for (const StepView& step : view_.steps) steps.push_back(OfStep(step));
    std::ranges::stable_sort(steps, {}, [](const Line& line) { return Rank(line.state); });
    if (steps.size() <= room) return steps;
    std::array<int64_t, 8> hidden = {};
    for (size_t i = room - 1; i < steps.size(); ++i) hidden[static_cast<size_t>(steps[i].state)] += steps[i].stands_for;
    steps.resize(room - 1);
    std::string text;
    for (ItemState state : {kRunning, kRetrying, kFailed, kStopped, kPending, kOmitted, kSkipped, kSucceeded}) {
      const int64_t count = hidden[static_cast<size_t>(state)];
      if (count == 0) continue;
      text += fmt::format("{} {} {}", text.empty() ? "…" : ",", Thousands(count), Lower(json::EnumName(state)));
    }
    steps.push_back({.text = text});
    return steps;
  }

  const RunView& view_;
  const Time now_;
  const Terminal& terminal_;
  const bool color_;
  size_t name_width_ = 0;
};

}  // namespace

std::vector<std::string> ProgressLines(const RunView& view, Time now, const Terminal& terminal, bool color) {
  return Lines(view, now, terminal, color).Make();
}

void Screen::Show(const std::vector<std::string>& lines) {
  std::string frame;
  if (shown_ > 0) frame += fmt::format("\x1b[{}F", shown_);
  for (const std::string& line : lines) frame += line + "\x1b[K\n";
  if (lines.size() < shown_) frame += "\x1b[J";
  shown_ = lines.size();
  environment_.out(frame);
}

std::string Changes::Since(const RunView& view, Time now, bool color) {
  std::string text;
  const std::string clock = FormatTime(now).substr(11, 8);
  const auto say = [&](std::string& known, std::string state, const std::string& what, const std::string& why) {
    if (known == state) return;
    known = std::move(state);
    text += fmt::format("{} {} {}{}{}\n", clock, what, ColoredWithin(known, 0, known.substr(0, known.find(' ')), color),
                        why.empty() ? "" : "  ", OneLine(why));
  };
  for (const StepView& step : view.steps) {
    if (step.items.empty()) continue;
    const bool ended_badly = IsEnded(step.state) && step.state != kSucceeded;
    const bool waits = step.state == kPending || step.state == kRetrying;
    const std::string state(json::EnumName(step.state));
    auto& known = steps_[step.name];
    // A reason that lasts is worth a line; the moments of a start are not.
    if (waits && (step.reason.empty() || kMoments.contains(step.reason))) continue;
    std::string shown = waits ? fmt::format("{} ({})", state, step.reason) : state;
    say(known, std::move(shown), "step " + step.name, ended_badly || step.has_items || waits ? StepDetail(step) : "");
  }
  say(run_, view.state, "run " + view.name, Why(view));
  return text;
}

}  // namespace coreflow::cli
