#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pkg/base/dice.h"
#include "pkg/base/time.h"
#include "pkg/http/transport.h"

namespace coreflow::simulation {

// What befalls one request. The first kind is no fault.
enum class Fate {
  kServed,
  kLost,         // never reaches the server; the client sees a cut connection
  kAnswerLost,   // takes effect; the client sees a cut connection, or its own deadline
  kLate,         // a write that takes effect when the client has given up on it long ago, and may be dead
  kTooMany,      // 429 from API Priority and Fairness: plain text, with Retry-After
  kServerError,  // 500, a Status
  kUnavailable,  // 503, a Status, sometimes with Retry-After
  kConflict,     // 409 as if somebody else had written meanwhile; only for PUT and PATCH
  kTimedOut,     // a write that takes effect, and 504, a Status
};

struct RequestFault {
  Fate fate = Fate::kServed;
  Duration extra_latency = {};
  int retry_after_seconds = 0;  // of kTooMany and kUnavailable; 0: no such header
  Duration late_by = {};        // of kLate: when it takes effect, from when it was sent
  uint64_t stale_by = 0;        // reads of any age (resourceVersion=0) see so many writes ago
};

// What befalls one frame of a watch, after the frames before it.
struct FrameFault {
  enum class Kind {
    kDelivered,
    kCut,        // the connection breaks before the frame
    kEnded,      // the stream ends in good order before the frame
    kSilence,    // half-open: neither this frame nor any later one comes, nor an end
    kExpired,    // 410 inside the stream, then its end
    kTruncated,  // half of the frame, then the connection breaks
    kTwice,      // the frame comes again
    kBackwards,  // after the frame comes one that came before it
    kDropped,    // neither this frame nor any later one comes; after `extra_latency` 410, then the end
  };
  Kind kind = Kind::kDelivered;
  Duration extra_latency = {};  // later frames wait behind it
};

struct WatchFault {
  size_t behind = 0;  // the watch shows a frame only when so many later ones are known, or after `hold`
  Duration hold = std::chrono::seconds(30);
};

// Decides what goes wrong. Asked by FaultyTransport, once for each request, watch and frame.
class Faults {
 public:
  virtual ~Faults() = default;
  virtual RequestFault OnRequest(const http::Request& request) = 0;
  virtual WatchFault OnWatch(const http::Request& request) = 0;
  virtual FrameFault OnFrame(const http::Request& watch) = 0;
};

// How often each fault comes, out of 1,000.
struct FaultRates {
  int lost = 0;
  int answer_lost = 0;
  int late = 0;
  Duration late_by = std::chrono::seconds(60);  // the API server's own limit of a request
  int too_many = 0;
  int server_error = 0;
  int unavailable = 0;
  int conflict = 0;
  int timed_out = 0;
  int slow = 0;  // a request takes up to `slow_by` longer
  Duration slow_by = std::chrono::seconds(2);
  int stale_read = 0;
  int watch_behind = 0;
  size_t behind_up_to = 20;
  int cut = 0;
  int ended = 0;
  int silence = 0;
  int expired = 0;
  int truncated = 0;
  int twice = 0;
  int backwards = 0;
  int dropped = 0;
  int frame_slow = 0;
  Duration frame_slow_by = std::chrono::seconds(30);

  bool operator==(const FaultRates&) const = default;
};

// Rates under which everything goes wrong now and then, and progress is still made.
FaultRates Turbulent();

// Faults by chance, the same for a seed. Stop() ends them: from then on all goes well.
class RandomFaults : public Faults {
 public:
  RandomFaults(uint64_t seed, const FaultRates& rates);

  RequestFault OnRequest(const http::Request& request) override;
  WatchFault OnWatch(const http::Request& request) override;
  FrameFault OnFrame(const http::Request& watch) override;

  void Stop() { stopped_ = true; }
  // A storm: from now on so many of 1,000 writes that can conflict do; nullopt: as at first.
  void SetConflicts(std::optional<int> rate) { storm_ = rate; }
  // Called at each fault, with its name.
  void OnFired(std::function<void(const std::string& name)> hook) { on_fired_ = std::move(hook); }
  // How often each fault came, by its name ("AnswerLost"), so that a test can tell that it tested something. Those that
  // never came are there too.
  const std::map<std::string, int>& fired() const { return fired_; }

 private:
  Fate Draw(const http::Request& request);
  void Fired(const std::string& name);

  Dice random_;
  FaultRates rates_;
  bool stopped_ = false;
  std::optional<int> storm_;
  std::function<void(const std::string& name)> on_fired_;
  std::map<std::string, int> fired_;
};

// One fault at one place: for tests that try every place in turn. Counts the requests for which `where` holds; the
// `nth` of them (from 1) meets `fault`, and then `after` is called, where a test kills the client or does worse.
class FaultAt : public Faults {
 public:
  using Where = std::function<bool(const http::Request&)>;
  FaultAt(Where where, int nth, RequestFault fault, std::function<void()> after = {})
      : where_(std::move(where)), nth_(nth), fault_(fault), after_(std::move(after)) {}

  RequestFault OnRequest(const http::Request& request) override;
  WatchFault OnWatch(const http::Request&) override { return {}; }
  FrameFault OnFrame(const http::Request&) override { return {}; }

  // How many requests `where` has held for.
  int seen() const { return seen_; }

 private:
  Where where_;
  int nth_;
  RequestFault fault_;
  std::function<void()> after_;
  int seen_ = 0;
};

// Whether a request asks for a change: every method but GET.
bool IsWrite(const http::Request& request);

const char* FateName(Fate fate);
const char* FrameFaultName(FrameFault::Kind kind);

}  // namespace coreflow::simulation
