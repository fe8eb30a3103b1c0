#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "pkg/kube/request.h"

namespace coreflow::kube {

enum class Lane { kLease, kDelete, kNormal };

// Leases, whose renewal must not wait behind anything; deletes, which make room; all else.
Lane LaneOf(const Request& request);

// The namespace whose slow start a request falls under: creates of pods, but not for trial. Empty: none.
std::string SlowNamespaceOf(const Request& request);

// Decides which request is sent next. There are `places` of them; all but an eighth may be held by ordinary requests,
// while leases wait for no place. In each lane requests go in the order they came.
//
// Slow start: a failed create of a pod closes its namespace down to one create at a time, and each success opens it
// by one more (1, 2, 4, 8… a round trip) until there is no limit again. So a quota that is used up, or a webhook that
// times out, costs few doomed requests, and other namespaces none. Pure.
class RequestQueue {
 public:
  using Ticket = uint64_t;

  explicit RequestQueue(int places) : ordinary_(places - places / 8) {}

  // Tickets grow from one call to the next.
  void Push(Ticket ticket, Lane lane, std::string slow_namespace = {});

  // The next request to send, which holds a place from now on; nullopt when none may go.
  std::optional<Ticket> Pop();

  enum class End { kGood, kDenied, kNeither };
  // The request is over and gives its place back, or waits no longer.
  void Finish(Ticket ticket, End end);

  size_t waiting() const { return waiting_; }
  size_t in_flight() const { return requests_.size() - waiting_; }

 private:
  struct Entry {
    Lane lane = Lane::kNormal;
    std::string slow_namespace = {};
    bool holds_place = false;
    bool resumed = false;  // waits in resumed_
  };
  struct Namespace {
    int in_flight = 0;
    int resumed = 0;
    int window = 0;              // 0: no limit
    std::set<Ticket> held = {};  // came to the head of the lane while the namespace was closed

    bool Closed() const { return window > 0 && in_flight >= window; }
    bool Forgettable() const { return in_flight == 0 && resumed == 0 && window == 0 && held.empty(); }
  };

  std::optional<Ticket> PopFrom(std::deque<Ticket>& lane);
  void Note(Namespace& ns, End end) const;
  void Resume(Namespace& ns);

  const int ordinary_;
  size_t waiting_ = 0;
  int ordinary_in_flight_ = 0;
  std::unordered_map<Ticket, Entry> requests_;
  std::deque<Ticket> leases_, deletes_, resumed_, normal_;  // with tickets that have ended meanwhile
  std::map<std::string, Namespace> namespaces_;
};

}  // namespace coreflow::kube
