#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "pkg/base/loop.h"
#include "pkg/kube/client.h"
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

struct Event {
  ObjectReference regarding = {};
  bool warning = false;     // else Normal
  std::string reason = {};  // "RunSucceeded"; of a closed list
  std::string action = {};  // "Run"
  std::string note = {};    // for people; cut at 1024 bytes

  auto operator<=>(const Event&) const = default;
};

struct EventRecorderOptions {
  std::string controller = "coreflow.dev/operator";  // reportingController
  std::string instance = {};                         // reportingInstance: the pod's name
  size_t max_queued = 1000;
};

struct EventCounts {
  uint64_t written = 0;
  uint64_t dropped_spam = 0;   // over the object's allowance
  uint64_t dropped_full = 0;   // the queue was full
  uint64_t dropped_error = 0;  // refused by the server, or tried too often
};

// Writes events.k8s.io/v1 Events, as well as it goes: for the ends of runs and for trouble, nothing that the system
// relies on. Equal events become one with a series, whose count is written at once the first time and then every five
// minutes at most. An object may cause 25 events, and one more every five minutes. One request at a time.
// On the loop's thread; loop and client outlive it.
class EventRecorder {
 public:
  EventRecorder(Loop& loop, Client& client, EventRecorderOptions options);
  ~EventRecorder();
  EventRecorder(const EventRecorder&) = delete;
  EventRecorder& operator=(const EventRecorder&) = delete;

  void Record(const Event& event);

  const EventCounts& counts() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace coreflow::kube
