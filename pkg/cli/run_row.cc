#include "pkg/cli/run_row.h"

#include "pkg/cli/ago.h"
#include "pkg/cli/format.h"

namespace coreflow::cli {

namespace {

std::string OrDash(std::string text) { return text.empty() ? "-" : text; }

}  // namespace

const json::Value& SucceededCondition(const json::Value& object) {
  static const json::Value kNone;
  for (const json::Value& condition : object["status"]["conditions"].Elements()) {
    if (condition["type"].StringOr("") == "Succeeded") return condition;
  }
  return kNone;
}

std::string StateOf(const json::Value& object) { return object["status"]["state"].StringOr("Pending"); }

std::string DurationOf(const json::Value& object, Time now) {
  const auto start = ParseTime(object["status"]["run"]["startTime"].StringOr(""));
  const auto end = ParseTime(object["status"]["run"]["completionTime"].StringOr(""));
  return start ? Short(end.value_or(now) - *start) : "";
}

std::vector<std::string> RunHeadings(bool with_namespace, bool wide) {
  std::vector<std::string> headings;
  if (with_namespace) headings.emplace_back("NAMESPACE");
  headings.insert(headings.end(), {"NAME", "KIND", "STATUS", "PROGRESS", "REASON"});
  if (wide) headings.insert(headings.end(), {"RUN", "DURATION"});
  headings.emplace_back("AGE");
  if (wide) headings.emplace_back("MESSAGE");
  return headings;
}

std::vector<std::string> RunRow(const json::Value& object, Time now, bool with_namespace, bool wide) {
  const json::Value& status = object["status"];
  const json::Value& succeeded = SucceededCondition(object);
  std::vector<std::string> row;
  if (with_namespace) row.push_back(NamespaceOf(object));
  row.insert(row.end(), {NameOf(object), object["kind"].StringOr(""), StateOf(object),
                         OrDash(status["progress"].StringOr("")), OrDash(succeeded["reason"].StringOr(""))});
  if (wide) row.push_back(std::to_string(status["run"]["number"].IntOr(0)));
  if (wide) row.push_back(OrDash(DurationOf(object, now)));
  const auto made = ParseTime(object["metadata"]["creationTimestamp"].StringOr(""));
  row.push_back(made ? Short(now - *made) : "-");
  if (wide) row.push_back(succeeded["message"].StringOr(""));
  return row;
}

}  // namespace coreflow::cli
