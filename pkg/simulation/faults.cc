#include "pkg/simulation/faults.h"

#include <utility>

namespace coreflow::simulation {

FaultRates Turbulent() {
  return {.lost = 20,
          .answer_lost = 20,
          .late = 10,
          .too_many = 20,
          .server_error = 10,
          .unavailable = 10,
          .conflict = 20,
          .timed_out = 10,
          .slow = 30,
          .stale_read = 100,
          .watch_behind = 100,
          .cut = 10,
          .ended = 10,
          .silence = 5,
          .expired = 10,
          .truncated = 5,
          .twice = 20,
          .backwards = 20,
          .dropped = 5,
          .frame_slow = 10};
}

RandomFaults::RandomFaults(uint64_t seed, const FaultRates& rates) : random_(seed), rates_(rates) {
  for (Fate fate : {Fate::kLost, Fate::kAnswerLost, Fate::kLate, Fate::kTooMany, Fate::kServerError, Fate::kUnavailable,
                    Fate::kConflict, Fate::kTimedOut}) {
    fired_[FateName(fate)] = 0;
  }
  using Kind = FrameFault::Kind;
  for (Kind kind : {Kind::kCut, Kind::kEnded, Kind::kSilence, Kind::kExpired, Kind::kTruncated, Kind::kTwice,
                    Kind::kBackwards, Kind::kDropped}) {
    fired_[FrameFaultName(kind)] = 0;
  }
  for (const char* name : {"Slow", "StaleRead", "WatchBehind", "FrameSlow"}) fired_[name] = 0;
}

void RandomFaults::Fired(const std::string& name) {
  ++fired_[name];
  if (on_fired_) on_fired_(name);
}

Fate RandomFaults::Draw(const http::Request& request) {
  const bool guarded = request.method == "PUT" || request.method == "PATCH";
  const std::pair<int, Fate> chances[] = {
      {rates_.lost, Fate::kLost},
      {rates_.answer_lost, Fate::kAnswerLost},
      {IsWrite(request) ? rates_.late : 0, Fate::kLate},
      {rates_.too_many, Fate::kTooMany},
      {rates_.server_error, Fate::kServerError},
      {rates_.unavailable, Fate::kUnavailable},
      {guarded ? storm_.value_or(rates_.conflict) : 0, Fate::kConflict},
      {IsWrite(request) ? rates_.timed_out : 0, Fate::kTimedOut},
  };
  for (const auto& [chance, fate] : chances) {
    if (random_.Chance(chance)) return fate;
  }
  return Fate::kServed;
}

RequestFault RandomFaults::OnRequest(const http::Request& request) {
  RequestFault fault;
  if (stopped_) return fault;
  fault.fate = Draw(request);
  if (fault.fate != Fate::kServed) Fired(FateName(fault.fate));
  if (fault.fate == Fate::kLate) fault.late_by = random_.Between(Duration(0), rates_.late_by);
  if (fault.fate == Fate::kTooMany || (fault.fate == Fate::kUnavailable && random_.Chance(500))) {
    fault.retry_after_seconds = 1 + static_cast<int>(random_.Below(3));
  }
  if (random_.Chance(rates_.slow)) {
    fault.extra_latency = random_.Between(Duration(0), rates_.slow_by);
    Fired("Slow");
  }
  const bool any_age = !IsWrite(request) && request.target.find("resourceVersion=0") != std::string::npos;
  if (any_age && random_.Chance(rates_.stale_read)) {
    fault.stale_by = 1 + random_.Below(20);
    Fired("StaleRead");
  }
  return fault;
}

WatchFault RandomFaults::OnWatch(const http::Request&) {
  WatchFault fault;
  if (stopped_ || !random_.Chance(rates_.watch_behind)) return fault;
  fault.behind = 1 + random_.Below(rates_.behind_up_to);
  Fired("WatchBehind");
  return fault;
}

FrameFault RandomFaults::OnFrame(const http::Request&) {
  using Kind = FrameFault::Kind;
  FrameFault fault;
  if (stopped_) return fault;
  const std::pair<int, Kind> chances[] = {
      {rates_.cut, Kind::kCut},
      {rates_.ended, Kind::kEnded},
      {rates_.silence, Kind::kSilence},
      {rates_.expired, Kind::kExpired},
      {rates_.truncated, Kind::kTruncated},
      {rates_.twice, Kind::kTwice},
      {rates_.backwards, Kind::kBackwards},
      {rates_.dropped, Kind::kDropped},
  };
  for (const auto& [chance, kind] : chances) {
    if (!random_.Chance(chance)) continue;
    fault.kind = kind;
    Fired(FrameFaultName(kind));
    break;
  }
  if (fault.kind == Kind::kDropped) fault.extra_latency = random_.Between(Duration(0), rates_.frame_slow_by);
  if (fault.kind != Kind::kDropped && random_.Chance(rates_.frame_slow)) {
    fault.extra_latency = random_.Between(Duration(0), rates_.frame_slow_by);
    Fired("FrameSlow");
  }
  return fault;
}

RequestFault FaultAt::OnRequest(const http::Request& request) {
  if (!where_(request) || ++seen_ != nth_) return {};
  if (after_) after_();
  return fault_;
}

bool IsWrite(const http::Request& request) { return request.method != "GET"; }

const char* FateName(Fate fate) {
  constexpr const char* kNames[] = {"Served",      "Lost",        "AnswerLost", "Late",    "TooMany",
                                    "ServerError", "Unavailable", "Conflict",   "TimedOut"};
  return kNames[static_cast<size_t>(fate)];
}

const char* FrameFaultName(FrameFault::Kind kind) {
  constexpr const char* kNames[] = {"Delivered", "Cut",   "Ended",     "Silence", "Expired",
                                    "Truncated", "Twice", "Backwards", "Dropped"};
  return kNames[static_cast<size_t>(kind)];
}

}  // namespace coreflow::simulation
