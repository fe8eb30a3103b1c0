#include "pkg/apiserver/table.h"

#include <algorithm>

#include "pkg/apiserver/event_cells.h"
#include "pkg/apiserver/event_view.h"
#include "pkg/apiserver/json_path.h"
#include "pkg/apiserver/object.h"
#include "pkg/apiserver/pod_cells.h"
#include "pkg/apiserver/watch.h"
#include "pkg/base/rfc3339.h"
#include "pkg/json/write.h"

namespace coreflow::apiserver {

namespace {

json::Value Definition(const std::string& name, const std::string& type, const std::string& format, int priority) {
  return json::Object{{"name", name}, {"type", type}, {"format", format}, {"description", ""}, {"priority", priority}};
}

const std::vector<Column>& ColumnsOf(const Resource& resource) {
  static const std::vector<Column> kDefault = {{.name = "Age", .type = "date", .path = ".metadata.creationTimestamp"}};
  return resource.columns.empty() ? kDefault : resource.columns;
}

// What "count of .data" and the like stand for, which no path says.
json::Value Computed(const json::Value& object, const std::string& what, Time now) {
  if (what.ends_with(" of the event")) return EventCell(object, what, now);
  constexpr std::string_view kCount = "count of ";
  if (what.starts_with(kCount)) {
    return static_cast<int64_t>(FindByPath(object, std::string_view(what).substr(kCount.size())).Members().size());
  }
  if (what == "Ready of the node") {
    const json::Value ready = FindByPath(object, ".status.conditions[?(@.type==\"Ready\")].status");
    return ready == json::Value("True") ? "Ready" : "NotReady";
  }
  return PodCell(object, what);
}

json::Value Cell(const json::Value& object, const Column& column, Time now) {
  if (!column.path.starts_with('.')) return Computed(object, column.path, now);
  json::Value value = FindByPath(object, column.path);
  if (column.type == "date") return AgeOf(value, now);
  if (value.IsNull() && column.type != "string") return nullptr;
  if (value.IsArray() || value.IsObject()) return json::Write(value);
  return value.IsNull() ? json::Value("") : value;
}

std::string Pair(int64_t whole, const char* unit, int64_t rest, const char* rest_unit) {
  std::string text = std::to_string(whole) + unit;
  return rest == 0 ? text : text + std::to_string(rest) + rest_unit;
}

}  // namespace

std::string AgeOf(const json::Value& text, Time now) {
  const auto since = text.IsString() ? ParseRfc3339(text.AsString()) : std::nullopt;
  return since ? HumanDuration(now - Time(since->seconds)) : "<unknown>";
}

std::string HumanDuration(Duration duration) {
  const int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (seconds < 120) return std::to_string(seconds) + "s";
  const int64_t minutes = seconds / 60;
  if (minutes < 10) return Pair(minutes, "m", seconds % 60, "s");
  if (minutes < 180) return std::to_string(minutes) + "m";
  const int64_t hours = minutes / 60;
  if (hours < 8) return Pair(hours, "h", minutes % 60, "m");
  if (hours < 48) return std::to_string(hours) + "h";
  const int64_t days = hours / 24;
  if (days < 8) return Pair(days, "d", hours % 24, "h");
  if (days < 730) return std::to_string(days) + "d";
  if (days < int64_t{8} * 365) return Pair(days / 365, "y", days % 365, "d");
  return std::to_string(days / 365) + "y";
}

json::Value TableOf(const Resource& resource, const std::vector<VersionPtr>& items, json::Object metadata,
                    RowObject object, Time now) {
  // Of events the name is nothing to look at.
  const bool named = &resource.Stored() != &Events();
  json::Array definitions;
  if (named) definitions.push_back(Definition("Name", "string", "name", 0));
  for (const Column& column : ColumnsOf(resource)) {
    definitions.push_back(Definition(column.name, column.type == "date" ? "string" : column.type, "", column.priority));
  }
  json::Array rows;
  for (const VersionPtr& item : items) {
    json::Array cells;
    if (named) cells.push_back(NameOf(item->object()));
    for (const Column& column : ColumnsOf(resource)) cells.push_back(Cell(item->object(), column, now));
    json::Object row{{"cells", std::move(cells)}};
    if (object == RowObject::kMetadata) row["object"] = OnlyMetadata(item->object());
    if (object == RowObject::kWhole) row["object"] = FromStored(resource, item->object());
    rows.push_back(std::move(row));
  }
  return json::Object{{"kind", "Table"},
                      {"apiVersion", "meta.k8s.io/v1"},
                      {"metadata", std::move(metadata)},
                      {"columnDefinitions", std::move(definitions)},
                      {"rows", std::move(rows)}};
}

}  // namespace coreflow::apiserver
