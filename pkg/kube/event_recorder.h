#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "pkg/base/loop.h"
#include "pkg/kube/client.h"
#include "pkg/kube/event.h"

namespace coreflow::kube {

struct EventRecorderOptions {
  EventSource source = {};
  size_t max_queued = 1000;
};

struct EventCounts {
  uint64_t written = 0;
  uint64_t dropped_spam = 0;   // over the object's allowance
  uint64_t dropped_full = 0;   // the queue was full
  uint64_t dropped_error = 0;  // refused by the server, or tried too often
};

// Writes events.k8s.io/v1 Events, as well as it goes: for the ends of runs and for trouble, nothing that the system
// relies on. EventSeries says which become one, and how many an object may cause. One request at a time; while the
// server is away the first is tried again every ten seconds, twelve times.
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
