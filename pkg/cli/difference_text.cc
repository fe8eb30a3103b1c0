#include "pkg/cli/difference_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "pkg/cli/ago.h"
#include "pkg/cli/difference_sentence.h"
#include "pkg/cli/table.h"
#include "pkg/compare/line_diff.h"

namespace coreflow::cli {

namespace {

using compare::Difference;

constexpr size_t kMostRows = 20;     // of a section
constexpr size_t kWidest = 60;       // columns of a value
constexpr size_t kDigestShown = 12;  // digits

// A section's rows, as many as people read.
class Section {
 public:
  Section(std::string title, std::vector<std::string> headings)
      : title_(std::move(title)), table_([&] {
          headings.insert(headings.end(), {"BEFORE", "AFTER"});
          return headings;
        }()) {}

  void Add(std::vector<std::string> row) {
    if (++rows_ <= kMostRows) table_.Add(std::move(row));
  }
  void Add(const std::string& name, const std::optional<json::Value>& before, const std::optional<json::Value>& after) {
    const ShownChange shown = Shown(before, after);
    Add({name, Fit(shown.before, kWidest), Fit(shown.after, kWidest)});
  }

  std::string Text() const {
    if (rows_ == 0) return "";
    std::string text = fmt::format("\n{}:\n{}", title_, Indented(table_.Text()));
    if (rows_ > kMostRows) text += fmt::format("  and {} more; -o json has all\n", rows_ - kMostRows);
    return text;
  }

  static std::string Indented(std::string_view lines) {
    std::string text;
    for (std::string_view line : compare::LinesOf(lines)) (text += "  ") += line;
    return text;
  }

 private:
  const std::string title_;
  Table table_;
  size_t rows_ = 0;
};

// The line without its end. It may be anybody's, and must not move the cursor; blanks at its end may be what differs.
std::string Harmless(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  std::string text;
  for (const char c : line) text += (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f ? ' ' : c;
  return text;
}

// A unified diff, indented.
std::string Lines(const std::string& title, std::string_view diff, bool color) {
  std::string text = "\n" + title + ":\n";
  for (std::string_view whole : compare::LinesOf(diff)) {
    const std::string line = Harmless(whole);
    const bool changed = line.starts_with('+') || line.starts_with('-');
    if (color && changed) {
      text += fmt::format("  \x1b[{}m{}\x1b[0m\n", line.front() == '+' ? 32 : 31, line);
    } else {
      text += "  " + line + "\n";
    }
  }
  return text;
}

std::string ShortDigest(const std::string& digest) {
  const size_t colon = digest.find(':');
  return colon == std::string::npos ? digest : digest.substr(0, colon + 1 + kDigestShown);
}

std::string ImagesText(const Difference& difference) {
  Section section("Images", {"STEP", "IMAGE"});
  for (const compare::ImageChange& change : difference.images) {
    const bool known = !change.before.empty();
    section.Add({change.step, change.image, known ? ShortDigest(change.before) : "?",
                 known ? ShortDigest(change.after) : "another, by the step cache's keys"});
  }
  return section.Text();
}

std::string EndText(const std::optional<compare::End>& end) {
  if (!end) return "-";
  std::string text = end->state;
  if (!end->reason.empty() && end->reason != end->state) text += ": " + end->reason;
  if (end->attempts > 1) text += fmt::format(", {} attempts", end->attempts);
  if (end->exit_code.value_or(0) != 0) text += fmt::format(", exit code {}", *end->exit_code);
  return text;
}

std::string StepsText(const Difference& difference) {
  Section section("Steps", {"STEP"});
  for (const compare::EndChange& change : difference.steps) {
    section.Add({Where(change.at), EndText(change.before), EndText(change.after)});
  }
  return section.Text();
}

std::string TimesText(const Difference& difference) {
  Table table({"STEP", "BEFORE", "AFTER", "DIFFERENCE"});
  const auto show = [](const std::optional<Duration>& span) { return span ? Short(*span) : "-"; };
  const auto add = [&](const std::string& name, const compare::TimeChange& change) {
    table.Add({name, show(change.before), show(change.after), ShowLonger(change.longer())});
  };
  for (size_t i = 0; i < std::min(kMostRows, difference.times.size()); ++i) {
    add(difference.times[i].step, difference.times[i]);
  }
  if (difference.time && (!difference.times.empty() || IsNotable(*difference.time))) add("(run)", *difference.time);
  return table.empty() ? "" : "\nDurations:\n" + Section::Indented(table.Text());
}

std::string ArtifactText(const std::optional<artifact::Artifact>& artifact) {
  if (!artifact) return "-";
  return fmt::format("sha256:{} ({} bytes)", artifact->digest.substr(0, kDigestShown), artifact->bytes);
}

std::string ResultsText(const Difference& difference) {
  Section outputs("Outputs", {"OUTPUT"});
  for (const compare::OutputChange& change : difference.outputs) {
    const std::string of = Where(change.at);
    outputs.Add(of.empty() ? change.name : change.name + " of " + of, change.before, change.after);
  }
  Section artifacts("Artifacts", {"ARTIFACT"});
  for (const compare::ArtifactChange& change : difference.artifacts) {
    artifacts.Add({change.name + " of " + Where(change.at), ArtifactText(change.before), ArtifactText(change.after)});
  }
  return outputs.Text() + artifacts.Text();
}

std::string LogsText(const LogDiff& logs, bool color) {
  std::string text;
  for (const LogDiff::One& one : logs.logs) {
    if (!one.diff.empty()) text += Lines("Log of " + Where(one.at), one.diff, color);
  }
  if (logs.asked && text.empty()) text += "\nNo log that is still there differs.\n";
  Table missing({"STEP", "WHY"});
  for (const LogDiff::One& one : logs.logs) {
    if (!one.missing.empty()) missing.Add({Where(one.at), one.missing});
  }
  if (!missing.empty()) text += "\nLogs that can't be compared:\n" + Section::Indented(missing.Text());
  if (logs.left_out > 0) text += fmt::format("\n{} more logs were not read: say --step\n", logs.left_out);
  return text;
}

}  // namespace

std::string DifferenceText(const Difference& difference, const LogDiff& logs, bool color) {
  std::string text = Sentence(difference) + "\n";
  Section parameters("Parameters", {"NAME"});
  for (const compare::FieldChange& change : difference.parameters)
    parameters.Add(change.path, change.before, change.after);
  Section spec("Spec", {"FIELD"});
  for (const compare::FieldChange& change : difference.spec) spec.Add(change.path, change.before, change.after);
  text += parameters.Text() + spec.Text();
  for (const compare::ScriptChange& change : difference.scripts) {
    text += Lines("Script of " + change.step, compare::UnifiedDiff(change.before, change.after), color);
  }
  text += ImagesText(difference) + StepsText(difference) + TimesText(difference) + ResultsText(difference);
  return text + LogsText(logs, color);
}

}  // namespace coreflow::cli
