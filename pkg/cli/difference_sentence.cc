#include "pkg/cli/difference_sentence.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "pkg/api/reasons.h"
#include "pkg/cli/ago.h"
#include "pkg/cli/table.h"
#include "pkg/json/write.h"

namespace coreflow::cli {

namespace {

using compare::Difference;
using compare::End;
using compare::EndChange;
using compare::FieldChange;

constexpr size_t kMostCauses = 3;
constexpr size_t kShort = 40;   // columns of a value that is told in the sentence
constexpr size_t kWidest = 60;  // columns of an item's name

// "lr 0.01 → 0.02", "lr added", or "lr" when the values are long.
std::string Told(const std::string& name, const std::optional<json::Value>& before,
                 const std::optional<json::Value>& after) {
  if (!before) return name + " added";
  if (!after) return name + " removed";
  const ShownChange shown = Shown(before, after);
  if (Columns(shown.before) > kShort || Columns(shown.after) > kShort) return name;
  return fmt::format("{} {} → {}", name, shown.before, shown.after);
}

// The step that a path is all of; empty when it is of less or more.
std::string StepOf(const std::string& path) {
  for (const std::string list : {"steps[", "finally["}) {
    if (path.starts_with(list) && path.find(']') == path.size() - 1)
      return path.substr(list.size(), path.size() - list.size() - 1);
  }
  return "";
}

std::vector<std::string> CausesOf(const Difference& difference) {
  std::vector<std::string> causes;
  for (const FieldChange& change : difference.parameters) {
    causes.push_back("parameter " + Told(change.path, change.before, change.after));
  }
  for (const compare::ScriptChange& change : difference.scripts) causes.push_back("the script of " + change.step);
  for (const FieldChange& change : difference.spec) {
    const std::string step = StepOf(change.path);
    causes.push_back(Told(step.empty() ? change.path : "step " + step, change.before, change.after));
  }
  for (const compare::ImageChange& change : difference.images) {
    causes.push_back(fmt::format("what {} is, in {}", change.image, change.step));
  }
  if (causes.size() > kMostCauses + 1) {
    const size_t more = causes.size() - kMostCauses;
    causes.resize(kMostCauses);
    causes.push_back(fmt::format("{} more changes", more));
  }
  return causes;
}

std::string Verb(const std::string& state) {
  return state == "Succeeded" ? "succeeded" : state == "Failed" ? "failed" : state == "Stopped" ? "was stopped" : state;
}

// " at train (exit code 1)": the first of the changes that failed on this side; else why the run as a whole did.
std::string FailedAt(const Difference& difference, std::optional<End> EndChange::*side, const compare::Side& run) {
  if (run.state != "Failed") return "";
  for (const EndChange& change : difference.steps) {
    const std::optional<End>& end = change.*side;
    if (!end || end->state != "Failed") continue;
    const bool code = end->exit_code && *end->exit_code != 0;
    const std::string why = code ? fmt::format("exit code {}", *end->exit_code) : end->reason;
    return fmt::format(" at {}{}", Where(change.at), why.empty() ? "" : " (" + why + ")");
  }
  return run.reason.empty() ? "" : " (" + run.reason + ")";
}

bool WasTaken(const EndChange& change) {
  return change.after && (change.after->reason == api::Token(api::Reason::kReused) ||
                          change.after->reason == api::Token(api::Reason::kCacheHit));
}

// "Succeeded → Failed", "1 → 3 attempts": the first of its members that differs.
std::string TellEnds(const End& before, const End& after) {
  if (before.state != after.state) return fmt::format("{} → {}", before.state, after.state);
  if (before.reason != after.reason) return fmt::format("{} → {}", before.reason, after.reason);
  if (before.attempts != after.attempts) return fmt::format("{} → {} attempts", before.attempts, after.attempts);
  return fmt::format("exit code {} → {}", before.exit_code.value_or(0), after.exit_code.value_or(0));
}

// Changes of one sort; one by its name, more by their number.
void AddCounted(const std::vector<const EndChange*>& changes, const std::string& one, const std::string& many,
                std::vector<std::string>& effects) {
  if (changes.size() == 1) effects.push_back(fmt::format("{} {}", Where(changes.front()->at), one));
  if (changes.size() > 1) effects.push_back(fmt::format("{} steps or items {}", changes.size(), many));
}

void AddSteps(const Difference& difference, std::vector<std::string>& effects) {
  std::set<std::string> told;
  for (const FieldChange& change : difference.spec) told.insert(StepOf(change.path));
  std::vector<const EndChange*> fresh;
  std::vector<const EndChange*> missing;
  std::vector<const EndChange*> others;
  size_t taken = 0;
  for (const EndChange& change : difference.steps) {
    const bool in_both = change.before && change.after;
    if (!in_both && told.contains(change.at.step)) continue;
    if (WasTaken(change)) {
      ++taken;
    } else {
      (in_both ? others : change.after ? fresh : missing).push_back(&change);
    }
  }
  if (taken > 0) {
    effects.push_back(fmt::format("{} of its results {} taken from elsewhere", taken, taken == 1 ? "was" : "were"));
  }
  AddCounted(fresh, "is new", "are new", effects);
  AddCounted(missing, "did not run", "did not run", effects);
  const std::string first = others.empty() ? "" : TellEnds(*others.front()->before, *others.front()->after);
  AddCounted(others, first, "ended otherwise", effects);
}

void AddEnds(const Difference& difference, std::vector<std::string>& effects) {
  const compare::Side& before = difference.before;
  const compare::Side& after = difference.after;
  const bool over = before.over && after.over;
  if (over && before.state != after.state) {
    effects.push_back(fmt::format("it {}{} where {} {}{}", Verb(after.state),
                                  FailedAt(difference, &EndChange::after, after), before.name, Verb(before.state),
                                  FailedAt(difference, &EndChange::before, before)));
    return;
  }
  AddSteps(difference, effects);
  if (over && before.reason != after.reason) {
    effects.push_back(fmt::format("the reason is {}, not {}", after.reason, before.reason));
  }
}

// Those of the run, if there are any: they are made of its steps'.
std::vector<const compare::OutputChange*> OutputsToTell(const Difference& difference) {
  std::vector<const compare::OutputChange*> of_run;
  std::vector<const compare::OutputChange*> of_steps;
  for (const compare::OutputChange& change : difference.outputs) {
    (change.at.step.empty() ? of_run : of_steps).push_back(&change);
  }
  return of_run.empty() ? of_steps : of_run;
}

void AddResults(const Difference& difference, std::vector<std::string>& effects) {
  const auto outputs = OutputsToTell(difference);
  if (outputs.size() == 1) {
    const compare::OutputChange& change = *outputs.front();
    const std::string of = change.at.step.empty() ? "" : " of " + Where(change.at);
    effects.push_back("output " + Told(change.name + of, change.before, change.after));
  } else if (!outputs.empty()) {
    effects.push_back(fmt::format("{} outputs are others", outputs.size()));
  }
  if (difference.artifacts.size() == 1) {
    const compare::ArtifactChange& change = difference.artifacts.front();
    effects.push_back(fmt::format("artifact {} of {} is another", change.name, Where(change.at)));
  } else if (!difference.artifacts.empty()) {
    effects.push_back(fmt::format("{} artifacts are others", difference.artifacts.size()));
  }
}

std::string TellTime(const Difference& difference) {
  if (!difference.time || !IsNotable(*difference.time)) {
    if (difference.times.empty()) return "";
    const compare::TimeChange& most = difference.times.front();
    return fmt::format("{} took {} {}", most.step, Short(std::chrono::abs(most.longer())),
                       most.longer() > Duration(0) ? "longer" : "less");
  }
  const Duration longer = difference.time->longer();
  std::string text =
      fmt::format("it took {} {}", Short(std::chrono::abs(longer)), longer > Duration(0) ? "longer" : "less");
  for (const compare::TimeChange& change : difference.times) {
    if ((change.longer() > Duration(0)) != (longer > Duration(0))) continue;
    if (std::chrono::abs(change.longer()) * 2 > std::chrono::abs(longer)) text += ", most of it in " + change.step;
    break;
  }
  return text;
}

}  // namespace

std::string Sentence(const Difference& difference) {
  std::vector<std::string> parts;
  const std::vector<std::string> causes = CausesOf(difference);
  if (!causes.empty()) parts.push_back(fmt::format("{}", fmt::join(causes, ", ")));
  AddEnds(difference, parts);
  AddResults(difference, parts);
  const bool only_time = parts.empty();
  if (std::string time = TellTime(difference); !time.empty()) parts.push_back(std::move(time));
  std::string text = difference.after.name;
  if (parts.empty()) {
    text += " does not differ from " + difference.before.name;
  } else {
    text += fmt::format(" differs from {}{}: {}", difference.before.name,
                        only_time ? " in nothing but their durations" : "", fmt::join(parts, "; "));
  }
  for (const compare::Side* side : {&difference.before, &difference.after}) {
    if (!side->over) text += fmt::format("; {} goes on", side->name);
  }
  return text;
}

ShownChange Shown(const std::optional<json::Value>& before, const std::optional<json::Value>& after) {
  const auto show = [](const std::optional<json::Value>& value, bool quoted) -> std::string {
    if (!value) return "-";
    const std::string text = value->StringOr("");
    const bool plain = !quoted && OneLine(text) == text && !text.empty() && text != "-";
    return plain ? text : json::Write(*value);
  };
  ShownChange shown{.before = show(before, false), .after = show(after, false)};
  if (shown.before == shown.after) shown = {.before = show(before, true), .after = show(after, true)};
  return shown;
}

std::string Where(const compare::Place& place) { return Fit(NameOf(place), kWidest); }

std::string ShowLonger(Duration longer) { return (longer < Duration(0) ? "-" : "+") + Short(std::chrono::abs(longer)); }

}  // namespace coreflow::cli
