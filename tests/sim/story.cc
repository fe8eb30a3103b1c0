#include "tests/sim/story.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <sstream>

#include "pkg/apiserver/object.h"
#include "tests/sim/facts.h"

namespace coreflow::sim {

namespace {

std::string PodLine(const json::Value& pod) {
  const engine::PodView view = engine::ParsePod(pod);
  std::string line = " phase=" + view.phase;
  if (view.facts) line += fmt::format(" step={} item={} attempt={}", view.step, view.facts->item, view.facts->attempt);
  if (!view.reason.empty()) line += " reason=" + view.reason;
  if (!view.waiting_reason.empty()) line += " waiting=" + view.waiting_reason;
  if (view.ended) line += fmt::format(" exit={}", view.exit_code);
  if (view.ending != engine::Ending::kNone) line += std::string(" ending=") + engine::EndingName(view.ending);
  if (view.deletion_time) line += fmt::format(" deleting(grace {})", view.deletion_grace_seconds.value_or(-1));
  if (view.disrupted) line += " disrupted";
  if (!view.done.empty()) line += " done=" + view.done;
  return line + (view.has_finalizer ? " held" : " free");
}

std::string ObjectLine(const json::Value& object) {
  const json::Value& status = object["status"];
  std::string line = fmt::format(" gen={} observed={} run={} state={} result={} progress={}",
                                 object["metadata"]["generation"].IntOr(0), status["observedGeneration"].IntOr(0),
                                 status["run"]["number"].IntOr(0), status["state"].StringOr("-"),
                                 status["run"]["result"].StringOr("-"), status["progress"].StringOr("-"));
  if (!status["run"]["ending"].IsNull()) line += " ending=" + status["run"]["ending"].StringOr("");
  if (apiserver::IsBeingDeleted(object)) line += " deleting";
  return line;
}

std::string RecordLine(const json::Value& record) {
  std::string line = fmt::format(" run={} index={}", record["run"].IntOr(0), record["index"].IntOr(0));
  for (const json::Value& result : record["results"].Elements()) {
    line += fmt::format(" {}[{}]={}/{}", result["step"].StringOr(""), result["index"].IntOr(-1),
                        result["state"].StringOr(""), result["reason"].StringOr(""));
  }
  return line;
}

}  // namespace

std::string Describe(const apiserver::AuditEntry& entry) {
  std::ostringstream out;
  apiserver::PrintTo(entry, &out);
  const json::Value& object = entry.after ? entry.after->object() : entry.before->object();
  std::string line = out.str();
  if (entry.resource == &apiserver::Pods()) line += PodLine(object);
  if (entry.resource == &apiserver::Workflows() || entry.resource == &apiserver::Jobs()) line += ObjectLine(object);
  if (entry.resource == &apiserver::Records()) line += RecordLine(object);
  if (entry.resource == &apiserver::Events())
    line += " " + object["reason"].StringOr("") + ": " + object["note"].StringOr("");
  return entry.after ? line : line + " GONE";
}

void Story::Note(Time at, const std::string& what) {
  Follow();
  notes_.emplace_back(at, what);
  notes_at_.push_back(audit_.entries().size());
  if (live_) std::printf("%s -- %s\n", FormatMicroTime(at).c_str(), what.c_str());
}

void Story::Follow() {
  if (!live_) return;
  for (; followed_ < audit_.entries().size(); ++followed_) {
    const apiserver::AuditEntry& entry = audit_.entries()[followed_];
    if (entry.resource != &apiserver::Leases()) std::printf("%s\n", Describe(entry).c_str());
  }
}

std::string Story::Last(size_t lines) const {
  std::vector<std::string> told;  // newest first
  size_t note = notes_.size();
  for (size_t i = audit_.entries().size() + 1; i-- > 0 && told.size() < lines;) {
    for (; note > 0 && notes_at_[note - 1] >= i; --note) {
      told.push_back(FormatMicroTime(notes_[note - 1].first) + " -- " + notes_[note - 1].second);
    }
    if (i == 0) break;
    const apiserver::AuditEntry& entry = audit_.entries()[i - 1];
    if (entry.resource != &apiserver::Leases()) told.push_back(Describe(entry));
  }
  std::string text;
  for (auto line = told.rbegin(); line != told.rend(); ++line) text += "  " + *line + "\n";
  return text;
}

}  // namespace coreflow::sim
