#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "operator/manager/config.h"
#include "pkg/base/loop.h"
#include "pkg/base/result.h"
#include "pkg/http/transport.h"
#include "pkg/logging/log.h"
#include "pkg/metrics/outbox_metrics.h"
#include "pkg/outbox/outbox.h"
#include "pkg/telemetry/cloud_event.h"
#include "pkg/telemetry/otlp.h"

namespace coreflow::manager {

// Sends spans and events of runs to where the configuration says, counts what became of them and logs trouble, at most
// once a minute for each of the two. On the loop's thread; all outlive it.
class Exporter {
 public:
  // kInvalid when a URL or a certificate can't be used.
  static Result<std::unique_ptr<Exporter>> Make(Loop& loop, const Config& config, telemetry::Speaker speaker,
                                                metrics::OutboxMetrics& metrics, const logging::Log& log);

  bool takes_spans() const { return spans_.outbox != nullptr; }
  bool takes_events() const { return events_.outbox != nullptr; }

  // REQUIRES: it takes them.
  void Put(const telemetry::Span& span) { spans_.outbox->Put(telemetry::ToJson(span)); }
  void Put(const telemetry::CloudEvent& event) { events_.outbox->Put(telemetry::ToJson(event)); }

  // Sends what waits, and calls `done` when that is over, at the latest after three seconds. Once.
  void Drain(std::function<void()> done);

 private:
  struct Way {
    std::unique_ptr<http::Transport> transport = {};  // null, both: nobody wants them
    std::unique_ptr<outbox::Outbox> outbox = {};
    std::optional<Duration> said_at = {};  // by the loop's monotonic clock
  };

  Exporter(Loop& loop, metrics::OutboxMetrics& metrics, const logging::Log& log)
      : loop_(loop), metrics_(metrics), log_(log) {}

  Result<void> OpenSpans(const TracingConfig& config, telemetry::Speaker speaker);
  Result<void> OpenEvents(const CloudEventsConfig& config);
  void Hear(const char* kind, Way& way, outbox::Fate fate, int64_t items, const std::string& why);

  Loop& loop_;
  metrics::OutboxMetrics& metrics_;
  const logging::Log& log_;
  Way spans_;
  Way events_;
};

}  // namespace coreflow::manager
