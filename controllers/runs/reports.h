#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "controllers/runs/reported_run.h"
#include "pkg/engine/observation.h"
#include "pkg/engine/owner.h"
#include "pkg/telemetry/cloud_event.h"
#include "pkg/telemetry/span.h"

namespace coreflow::runs {

// Tells others what has ended: runs when that stands in their status, attempts and items when they stand in a record,
// attempts that were followed by another one when that is asked for. Of runs that it has seen going on, and of no
// others; so what an operator did not get to tell before it went is told by nobody, and what two of them tell has the
// same ids. On the loop's thread.
class Reports {
 public:
  struct Options {
    std::function<void(const telemetry::Span& span)> on_span = {};          // empty: nobody wants them
    std::function<void(const telemetry::CloudEvent& event)> on_event = {};  // the same
  };

  explicit Reports(Options options) : options_(std::move(options)) {}

  // After every decision about a run.
  void Decided(const engine::Owner& owner, Time now);
  // A record of that object was written.
  void Recorded(const std::string& uid, const engine::RecordSeen& record, Time now);
  void Forget(const std::string& uid) { runs_.erase(uid); }

 private:
  struct Followed {
    ReportedRun run = {};
    uint64_t changes = 0;  // of the run, when its attempts were last looked at
    Time looked_at = {};
    std::map<engine::ItemId, int32_t> told = {};  // the last of each item's attempts that another one has followed
  };

  bool WantsSpans(const ReportedRun& run) const { return options_.on_span && run.trace && run.trace->sampled; }
  void Follow(const engine::Owner& owner, Time now);
  void TellFollowed(const engine::Run& run, Followed& followed, Time now);
  void TellEnd(const engine::Owner& owner, const ReportedRun& run);

  const Options options_;
  std::map<std::string, Followed> runs_;  // that go on, by UID
};

}  // namespace coreflow::runs
