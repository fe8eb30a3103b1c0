#pragma once

#include <compare>
#include <string>

#include "pkg/base/time.h"
#include "pkg/json/value.h"
#include "pkg/kube/object_key.h"

namespace coreflow::kube {

// The object an event is about.
struct ObjectReference {
  std::string api_version = {};
  std::string kind = {};
  ObjectKey key = {};
  std::string uid = {};

  auto operator<=>(const ObjectReference&) const = default;
};

// Something that happened, for people. All but `note` must be set.
struct Event {
  ObjectReference regarding = {};
  bool warning = false;     // else Normal
  std::string reason = {};  // "RunSucceeded"; of a closed list
  std::string action = {};  // what was being done: "Run"
  std::string note = {};    // cut at 1024 bytes

  auto operator<=>(const Event&) const = default;
};

// How often an event happened.
struct EventTimes {
  Time first{};
  Time last{};
  int64_t count = 1;

  bool operator==(const EventTimes&) const = default;
};

// Who says so.
struct EventSource {
  std::string controller = "coreflow.dev/operator";
  std::string instance = {};  // the pod's name
};

// Where the event's object is kept: the namespace of what it is about, or "default".
ObjectKey EventKey(const Event& event, Time first, uint64_t sequence);

// An events.k8s.io/v1 Event; with a series when it happened more than once.
json::Value EventObject(const ObjectKey& key, const Event& event, const EventTimes& times, const EventSource& source);

// The merge patch that brings the count of an Event up to date.
json::Value SeriesPatch(const EventTimes& times);

}  // namespace coreflow::kube
