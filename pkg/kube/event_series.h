#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <vector>

#include "pkg/base/time.h"
#include "pkg/kube/event.h"
#include "pkg/kube/object_key.h"

namespace coreflow::kube {

// An Event to be written: made, or brought up to date.
struct EventWrite {
  ObjectKey key = {};
  Event event = {};
  EventTimes times = {};

  bool first() const { return times.count == 1; }
  bool operator==(const EventWrite&) const = default;
};

// Decides which events are written. Equal ones become one with a series: the second is written at once, later ones
// every five minutes at most. An object may cause 25 different events, and one more every five minutes; what is above
// that is lost. What did not happen for six minutes is forgotten, as is the oldest when too many are kept. Pure.
class EventSeries {
 public:
  explicit EventSeries(size_t most = 4096) : most_(most) {}

  // It happened; nullopt: nothing to write. `now` is monotonic, `wall` is what people read.
  std::optional<EventWrite> Happened(const Event& event, Duration now, Time wall);

  // Counts that are due to be written. Call it every minute or so.
  std::vector<EventWrite> Due(Duration now);

  // Whether nothing is kept, so that nothing will be due.
  bool empty() const { return series_.empty(); }

  // Events that were lost.
  uint64_t spam() const { return spam_; }

 private:
  struct Series {
    EventWrite write;
    Duration seen{};
    Duration written{};
    bool unwritten = false;
  };
  struct Allowance {
    double left = kBurst;
    Duration at{};
  };
  static constexpr double kBurst = 25;

  bool Allow(const ObjectReference& object, Duration now);
  void ForgetAllowances(Duration now);
  static double LeftAt(const Allowance& allowance, Duration now);

  const size_t most_;
  std::list<Series> series_;  // the one that was seen last stands last
  std::map<Event, std::list<Series>::iterator> by_event_;
  std::map<ObjectReference, Allowance> allowances_;
  uint64_t sequence_ = 0;
  uint64_t spam_ = 0;
};

}  // namespace coreflow::kube
