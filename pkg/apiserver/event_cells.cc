#include "pkg/apiserver/event_cells.h"

#include <algorithm>
#include <cctype>
#include <string>

#include "pkg/apiserver/table.h"

namespace coreflow::apiserver {

namespace {

std::string FirstSeen(const json::Value& event, Time now) {
  const json::Value& first = event["deprecatedFirstTimestamp"];
  return AgeOf(first.IsNull() ? event["eventTime"] : first, now);
}

std::string LastSeen(const json::Value& event, Time now) {
  if (const json::Value& series = event["series"]; series.IsObject()) return AgeOf(series["lastObservedTime"], now);
  const json::Value& last = event["deprecatedLastTimestamp"];
  return last.IsNull() ? FirstSeen(event, now) : AgeOf(last, now);
}

int64_t Count(const json::Value& event) {
  if (const json::Value& series = event["series"]; series.IsObject()) return series["count"].IntOr(0);
  return std::max<int64_t>(event["deprecatedCount"].IntOr(0), 1);
}

// "pod/a".
std::string Target(const json::Value& object) {
  std::string target = object["kind"].StringOr("");
  std::ranges::transform(target, target.begin(), [](unsigned char c) { return std::tolower(c); });
  const std::string name = object["name"].StringOr("");
  return name.empty() ? target : target + "/" + name;
}

std::string Source(const json::Value& event) {
  const json::Value& source = event["deprecatedSource"];
  std::string component = source["component"].StringOr("");
  std::string instance = source["host"].StringOr("");
  if (component.empty()) component = event["reportingController"].StringOr("");
  if (instance.empty()) instance = event["reportingInstance"].StringOr("");
  return instance.empty() ? component : component + ", " + instance;
}

std::string Trimmed(const std::string& text) {
  constexpr const char* kBlank = " \t\r\n";
  const size_t begin = text.find_first_not_of(kBlank);
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

}  // namespace

json::Value EventCell(const json::Value& event, std::string_view what, Time now) {
  if (what == "last seen of the event") return LastSeen(event, now);
  if (what == "first seen of the event") return FirstSeen(event, now);
  if (what == "count of the event") return Count(event);
  if (what == "object of the event") return Target(event["regarding"]);
  if (what == "source of the event") return Source(event);
  return Trimmed(event["note"].StringOr(""));
}

}  // namespace coreflow::apiserver
