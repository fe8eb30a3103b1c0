#include "pkg/apiserver/event_view.h"

#include <utility>

namespace coreflow::apiserver {

namespace {

struct Names {
  const char* core;
  const char* stored;
};
constexpr Names kNames[] = {
    {"involvedObject", "regarding"},
    {"message", "note"},
    {"reportingComponent", "reportingController"},
    {"source", "deprecatedSource"},
    {"firstTimestamp", "deprecatedFirstTimestamp"},
    {"lastTimestamp", "deprecatedLastTimestamp"},
    {"count", "deprecatedCount"},
};

json::Value Rename(const json::Value& event, const char* Names::*from, const char* Names::*to) {
  json::Object members = event.Members();
  for (const Names& names : kNames) {
    const auto found = members.find(names.*from);
    if (found == members.end()) continue;
    json::Value value = std::move(found->second);
    members.erase(found);
    members[names.*to] = std::move(value);
  }
  return members;
}

}  // namespace

json::Value ToStored(const Resource& resource, const json::Value& object) {
  if (&resource != &CoreEvents() || object.IsNull()) return object;
  json::Object members = Rename(object, &Names::core, &Names::stored).Members();
  members["apiVersion"] = Events().ApiVersion();
  return members;
}

json::Value FromStored(const Resource& resource, const json::Value& stored) {
  if (&resource != &CoreEvents() || stored.IsNull()) return stored;
  json::Object members = Rename(stored, &Names::stored, &Names::core).Members();
  members["apiVersion"] = CoreEvents().ApiVersion();
  // What the core group always shows.
  for (const char* time : {"firstTimestamp", "lastTimestamp"}) members.try_emplace(time, nullptr);
  members.try_emplace("source", json::Object());
  members.try_emplace("involvedObject", json::Object());
  return members;
}

}  // namespace coreflow::apiserver
