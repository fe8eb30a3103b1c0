#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "controllers/runs/reports.h"
#include "pkg/base/loop.h"
#include "pkg/base/result.h"
#include "pkg/http/transport.h"
#include "pkg/metrics/outbox_metrics.h"
#include "pkg/outbox/outbox.h"
#include "pkg/outbox/receiver.h"
#include "pkg/telemetry/cloud_event.h"
#include "pkg/telemetry/otlp.h"

namespace coreflow::exporter {

// Sends spans and events of runs to those who want them, and counts what became of them. On the loop's thread; loop and
// metrics outlive it.
class Exporter {
 public:
  // Some that were not sent.
  struct Dropped {
    const char* kind = "";  // "Span" or "Event"
    outbox::Fate fate = outbox::Fate::kRefused;
    int64_t items = 0;
    std::string why = {};
  };
  struct Options {
    outbox::Receiver spans = {};   // by OTLP over HTTP; without a URL nobody wants them
    outbox::Receiver events = {};  // the same, of CloudEvents
    telemetry::Speaker speaker = {};
    // Called at most once a minute for each kind. Empty: nobody wants to know.
    std::function<void(const Dropped& dropped)> on_dropped = {};
  };

  // kInvalid when a URL or a certificate can't be used.
  static Result<std::unique_ptr<Exporter>> Make(Loop& loop, Options options, metrics::OutboxMetrics& metrics);

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

  Exporter(Loop& loop, Options options, metrics::OutboxMetrics& metrics)
      : loop_(loop), options_(std::move(options)), metrics_(metrics) {}

  Result<void> OpenSpans();
  Result<void> OpenEvents();
  void Hear(const char* kind, Way& way, outbox::Fate fate, int64_t items, const std::string& why);

  Loop& loop_;
  const Options options_;
  metrics::OutboxMetrics& metrics_;
  Way spans_;
  Way events_;
};

// Options of reports that it is given, of what it takes. It outlives them.
runs::Reports::Options ReportsTo(Exporter& exporter);

}  // namespace coreflow::exporter
