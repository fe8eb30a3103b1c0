#include "pkg/kube/request_queue.h"

#include <utility>

namespace coreflow::kube {

Lane LaneOf(const Request& request) {
  if (request.resource == kLeases) return Lane::kLease;
  bool deletes = request.verb == Verb::kDelete || request.verb == Verb::kDeleteCollection;
  return deletes ? Lane::kDelete : Lane::kNormal;
}

std::string SlowNamespaceOf(const Request& request) {
  bool creates_pod = request.verb == Verb::kCreate && request.resource == kPods && !request.dry_run;
  return creates_pod ? request.ns : "";
}

void RequestQueue::Push(Ticket ticket, Lane lane, std::string slow_namespace) {
  requests_[ticket] = Entry{.lane = lane, .slow_namespace = std::move(slow_namespace)};
  ++waiting_;
  (lane == Lane::kLease ? leases_ : lane == Lane::kDelete ? deletes_ : normal_).push_back(ticket);
}

std::optional<RequestQueue::Ticket> RequestQueue::Pop() {
  if (auto ticket = PopFrom(leases_)) return ticket;
  if (ordinary_in_flight_ >= ordinary_) return std::nullopt;
  if (auto ticket = PopFrom(deletes_)) return ticket;
  if (auto ticket = PopFrom(resumed_)) return ticket;
  return PopFrom(normal_);
}

std::optional<RequestQueue::Ticket> RequestQueue::PopFrom(std::deque<Ticket>& lane) {
  while (!lane.empty()) {
    Ticket ticket = lane.front();
    lane.pop_front();
    auto found = requests_.find(ticket);
    if (found == requests_.end()) continue;  // ended while it waited
    Entry& entry = found->second;
    if (!entry.slow_namespace.empty()) {
      Namespace& ns = namespaces_[entry.slow_namespace];
      if (std::exchange(entry.resumed, false)) --ns.resumed;
      if (ns.Closed()) {
        ns.held.insert(ticket);
        continue;
      }
      ++ns.in_flight;
    }
    entry.holds_place = true;
    --waiting_;
    if (entry.lane != Lane::kLease) ++ordinary_in_flight_;
    return ticket;
  }
  return std::nullopt;
}

void RequestQueue::Finish(Ticket ticket, End end) {
  auto found = requests_.extract(ticket);
  if (found.empty()) return;
  const Entry& entry = found.mapped();
  if (!entry.holds_place) {
    --waiting_;
  } else if (entry.lane != Lane::kLease) {
    --ordinary_in_flight_;
  }
  auto slow = namespaces_.find(entry.slow_namespace);
  if (slow == namespaces_.end()) return;
  Namespace& ns = slow->second;
  ns.held.erase(ticket);
  if (entry.resumed) --ns.resumed;
  if (entry.holds_place) {
    --ns.in_flight;
    Note(ns, end);
  }
  Resume(ns);
  if (ns.Forgettable()) namespaces_.erase(slow);
}

void RequestQueue::Note(Namespace& ns, End end) const {
  if (end == End::kDenied) ns.window = 1;
  if (end == End::kGood && ns.window > 0) ++ns.window;
  if (ns.window >= ordinary_) ns.window = 0;
}

void RequestQueue::Resume(Namespace& ns) {
  while (!ns.held.empty() && (ns.window == 0 || ns.in_flight + ns.resumed < ns.window)) {
    auto first = ns.held.extract(ns.held.begin());
    requests_[first.value()].resumed = true;
    resumed_.push_back(first.value());
    ++ns.resumed;
  }
}

}  // namespace coreflow::kube
