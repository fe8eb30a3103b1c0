#include "pkg/cli/step_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "pkg/cli/ago.h"
#include "pkg/cli/table.h"
#include "pkg/cli/usage_cells.h"

namespace coreflow::cli {

namespace {

std::string Lower(std::string_view word) {
  std::string lower(word);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

int64_t Attempts(const StepView& step) {
  int64_t most = 0;
  for (const ItemView& item : step.items) most = std::max(most, item.attempt);
  return most;
}

std::string OrDash(const std::string& text) { return text.empty() ? "-" : text; }

}  // namespace

std::string Thousands(int64_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string StepDetail(const StepView& step) {
  if (!step.has_items || step.items.empty()) {
    if (step.state == ItemState::kSucceeded || step.state == ItemState::kRunning) {
      return step.state == ItemState::kRunning && Attempts(step) > 1 ? fmt::format("attempt {}", Attempts(step)) : "";
    }
    if (step.message.empty()) return step.reason;
    return step.reason.empty() ? step.message : fmt::format("{}: {}", step.reason, step.message);
  }
  using enum ItemState;
  std::string text;
  for (ItemState state : {kRunning, kRetrying, kPending, kFailed, kStopped, kOmitted, kSkipped, kSucceeded}) {
    const int64_t count = step.Count(state);
    if (count == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", Thousands(count), Lower(json::EnumName(state)));
  }
  if (!step.message.empty() && step.state != kSucceeded) text += fmt::format("; {}: {}", step.reason, step.message);
  return text;
}

std::string StepDuration(const StepView& step, Time now) {
  if (!step.start) return "";
  return Short(step.end.value_or(now) - *step.start);
}

std::string StepTable(const RunView& view, Time now, const StepTableStyle& style) {
  const bool used = std::ranges::any_of(view.steps, [](const StepView& step) { return UsageOf(step).has_value(); });
  std::vector<std::string> headings = {"STEP", "STATUS", "ATTEMPTS", "DURATION", "DETAIL"};
  if (used) headings.insert(headings.end() - 1, {"CPU", "MEMORY"});
  if (style.wide) headings.insert(headings.end() - 1, {"POD", "NODE"});
  Table table(headings);
  table.ColorStates("STATUS", style.color);
  for (const StepView& step : view.steps) {
    const int64_t attempts = Attempts(step);
    std::vector<std::string> row = {step.name, std::string(json::EnumName(step.state)),
                                    attempts == 0 ? "-" : std::to_string(attempts), OrDash(StepDuration(step, now))};
    const auto usage = UsageOf(step);
    if (used) row.push_back(usage ? CpuCell(*usage) : "-");
    if (used) row.push_back(usage ? MemoryCell(*usage) : "-");
    if (style.wide) row.push_back(step.items.empty() ? "-" : OrDash(step.items.back().pod));
    if (style.wide) row.push_back(step.items.empty() ? "-" : OrDash(step.items.back().node));
    row.push_back(StepDetail(step));
    table.Add(std::move(row));
  }
  return table.Text(style.headings);
}

}  // namespace coreflow::cli
