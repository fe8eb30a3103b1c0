#include "pkg/cli/events.h"

#include <algorithm>

namespace coreflow::cli {

namespace {

// Events are of two APIs in one: the new fields, or what older writers set.
EventLine Read(const json::Value& event) {
  const json::Value& series = event["series"];
  EventLine line{.count = std::max<int64_t>({1, series["count"].IntOr(0), event["deprecatedCount"].IntOr(0)}),
                 .warning = event["type"].StringOr("") == "Warning",
                 .reason = event["reason"].StringOr(""),
                 .message = event["note"].StringOr("")};
  for (const json::Value* time : {&series["lastObservedTime"], &event["deprecatedLastTimestamp"], &event["eventTime"],
                                  &event["metadata"]["creationTimestamp"]}) {
    if (const auto at = ParseTime(time->StringOr(""))) {
      line.last = *at;
      break;
    }
  }
  return line;
}

}  // namespace

Result<std::vector<EventLine>> EventsOf(Session& session, const kube::ObjectKey& key, const std::string& uid) {
  auto events = session.List(kube::kEvents, {.ns = key.ns});
  if (!events && events.error().code == Code::kForbidden) return std::vector<EventLine>();
  if (!events) return events.error();
  std::vector<EventLine> lines;
  for (const json::Value& event : *events) {
    const json::Value& about = event["regarding"];
    if (about["name"].StringOr("") == key.name && about["uid"].StringOr("") == uid) lines.push_back(Read(event));
  }
  std::ranges::stable_sort(lines, {}, &EventLine::last);
  return lines;
}

}  // namespace coreflow::cli
