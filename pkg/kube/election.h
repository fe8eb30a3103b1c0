#pragma once

#include <cstdint>
#include <map>
#include <ostream>
#include <string>
#include <variant>
#include <vector>

#include "pkg/base/time.h"
#include "pkg/json/value.h"
#include "pkg/kube/api_error.h"
#include "pkg/kube/object_key.h"

// What a competitor for a Lease does next, as a pure function. As in client-go's leader election only the times at
// which this process saw the Lease change count. Two things are stricter: a term runs from the moment its renewal was
// sent, not answered, and every term has an epoch of its own, also when the last holder was this process.
namespace coreflow::kube::election {

struct Config {
  ObjectKey key = {};
  std::string identity = {};
  Duration lease_duration{};
  Duration renew_deadline{};
  std::map<std::string, std::string> labels = {};
  int64_t first_epoch = 1;
};

// Stopped: out of the race, nothing under way. Releasing: leads no more, and gives the Lease back.
enum class Role { kStopped, kCandidate, kLeader, kReleasing };
// The request that is under way. One at a time.
enum class Awaiting { kNothing, kRead, kAcquire, kRenew, kRelease };

struct State {
  Role role = Role::kStopped;
  Awaiting awaiting = Awaiting::kNothing;
  Duration sent{};           // when the write under way was sent (all times monotonic)
  json::Value lease = {};    // as last seen; null: not there
  Duration changed{};        // when its spec was last seen to be another
  bool unsure = false;       // a write failed: the Lease may not be as last seen
  int64_t epoch = 0;         // the highest known
  int64_t term = 0;          // the epoch of our own last term
  Duration renewed{};        // when the last renewal that is known to be good was sent
  Duration release_until{};  // no more tries to release from here on

  bool operator==(const State&) const = default;
};

struct Start {};
struct Release {};
// The wait asked for is over.
struct Tick {};
// The end of the term, as last asked for, has come.
struct Deadline {};
// The Lease was read or written.
struct Answered {
  json::Value lease = {};
};
// The request under way failed.
struct Failed {
  ApiError error = {};
};
using Input = std::variant<Start, Release, Tick, Deadline, Answered, Failed>;

struct Moment {
  Duration now{};  // monotonic
  Time wall{};     // for people only
};

struct Read {
  bool operator==(const Read&) const = default;
};
struct Create {
  json::Value lease = {};
  bool operator==(const Create&) const = default;
};
struct Replace {
  json::Value lease = {};  // carries the resourceVersion it replaces
  bool operator==(const Replace&) const = default;
};
// Wait a retry period, then say Tick.
struct Wait {
  bool jitter = false;
  bool operator==(const Wait&) const = default;
};
struct Lead {
  int64_t epoch = 0;
  bool operator==(const Lead&) const = default;
};
// Say Deadline at that time.
struct EndAt {
  Duration at{};
  bool operator==(const EndAt&) const = default;
};
struct Lost {
  bool operator==(const Lost&) const = default;
};
struct Released {
  bool operator==(const Released&) const = default;
};
using Output = std::variant<Read, Create, Replace, Wait, Lead, EndAt, Lost, Released>;

struct Step {
  State state;
  std::vector<Output> outputs;
};

// After each of Start, Tick, Answered and Failed there is exactly one of Read, Create, Replace, Wait and Released.
Step Next(const Config& config, State state, const Input& input, Moment moment);

// Whether the term still runs.
bool Leading(const Config& config, const State& state, Duration now);

// Whom a Lease names; empty: nobody.
std::string HolderOf(const json::Value& lease);
// Its leaseTransitions.
int64_t EpochOf(const json::Value& lease);

void PrintTo(const Output& output, std::ostream* out);

}  // namespace coreflow::kube::election
