#include "tests/fakes/faults.h"

#include <utility>

namespace coreflow::fakes {

FaultRates Turbulent() {
  return {.lost = 20,
          .answer_lost = 20,
          .late = 10,
          .too_many = 20,
          .server_error = 10,
          .unavailable = 10,
          .conflict = 20,
          .slow = 30,
          .stale_read = 100,
          .watch_behind = 100,
          .cut = 10,
          .ended = 10,
          .silence = 2,
          .expired = 10,
          .truncated = 5,
          .twice = 20,
          .frame_slow = 10};
}

RandomFaults::RandomFaults(uint64_t seed, const FaultRates& rates) : random_(seed), rates_(rates) {
  for (Fate fate : {Fate::kLost, Fate::kAnswerLost, Fate::kLate, Fate::kTooMany, Fate::kServerError, Fate::kUnavailable,
                    Fate::kConflict}) {
    fired_[FateName(fate)] = 0;
  }
  using Kind = FrameFault::Kind;
  for (Kind kind : {Kind::kCut, Kind::kEnded, Kind::kSilence, Kind::kExpired, Kind::kTruncated, Kind::kTwice}) {
    fired_[FrameFaultName(kind)] = 0;
  }
  for (const char* name : {"Slow", "StaleRead", "WatchBehind", "FrameSlow"}) fired_[name] = 0;
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
      {guarded ? rates_.conflict : 0, Fate::kConflict},
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
  if (fault.fate != Fate::kServed) ++fired_[FateName(fault.fate)];
  if (fault.fate == Fate::kLate) fault.late_by = random_.Between(Duration(0), rates_.late_by);
  if (fault.fate == Fate::kTooMany || (fault.fate == Fate::kUnavailable && random_.Chance(500))) {
    fault.retry_after_seconds = 1 + static_cast<int>(random_.Below(3));
  }
  if (random_.Chance(rates_.slow)) {
    fault.extra_latency = random_.Between(Duration(0), rates_.slow_by);
    ++fired_["Slow"];
  }
  if (!IsWrite(request) && random_.Chance(rates_.stale_read)) {
    fault.stale_by = 1 + random_.Below(20);
    ++fired_["StaleRead"];
  }
  return fault;
}

WatchFault RandomFaults::OnWatch(const http::Request&) {
  WatchFault fault;
  if (stopped_ || !random_.Chance(rates_.watch_behind)) return fault;
  fault.behind = 1 + random_.Below(rates_.behind_up_to);
  ++fired_["WatchBehind"];
  return fault;
}

FrameFault RandomFaults::OnFrame(const http::Request&) {
  using Kind = FrameFault::Kind;
  FrameFault fault;
  if (stopped_) return fault;
  const std::pair<int, Kind> chances[] = {
      {rates_.cut, Kind::kCut},         {rates_.ended, Kind::kEnded},         {rates_.silence, Kind::kSilence},
      {rates_.expired, Kind::kExpired}, {rates_.truncated, Kind::kTruncated}, {rates_.twice, Kind::kTwice},
  };
  for (const auto& [chance, kind] : chances) {
    if (!random_.Chance(chance)) continue;
    fault.kind = kind;
    ++fired_[FrameFaultName(kind)];
    break;
  }
  if (random_.Chance(rates_.frame_slow)) {
    fault.extra_latency = random_.Between(Duration(0), rates_.frame_slow_by);
    ++fired_["FrameSlow"];
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
  constexpr const char* kNames[] = {"Served",  "Lost",        "AnswerLost",  "Late",
                                    "TooMany", "ServerError", "Unavailable", "Conflict"};
  return kNames[static_cast<size_t>(fate)];
}

const char* FrameFaultName(FrameFault::Kind kind) {
  constexpr const char* kNames[] = {"Delivered", "Cut", "Ended", "Silence", "Expired", "Truncated", "Twice"};
  return kNames[static_cast<size_t>(kind)];
}

}  // namespace coreflow::fakes
