#include "operator/manager/exporter.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "pkg/http/beast_transport.h"
#include "pkg/json/write.h"

namespace coreflow::manager {

namespace {

using outbox::Fate;
using outbox::Outbox;

constexpr Duration kPatience = std::chrono::seconds(3);
constexpr Duration kQuiet = std::chrono::minutes(1);
constexpr size_t kMostAnswer = size_t{64} << 10;
constexpr size_t kEventsAtOnce = 4;

using Headers = std::vector<std::pair<std::string, std::string>>;

Headers HeadersOf(const char* type, const std::vector<std::string>& own) {
  Headers headers = {{"Content-Type", type}};
  for (const std::string& text : own) {
    if (auto header = ParseHeader(text)) headers.push_back(*std::move(header));
  }
  return headers;
}

Result<std::unique_ptr<http::Transport>> Connect(const std::string& url, const std::string& ca_file, size_t at_once) {
  return http::NewBeastTransport({.url = url,
                                  .ca_file = ca_file,
                                  .user_agent = "coreflow-operator",
                                  .max_body = kMostAnswer,
                                  .max_in_flight = at_once});
}

// Where the path of a URL begins. REQUIRES: a scheme.
size_t PathOf(const std::string& url) { return std::min(url.find('/', url.find("://") + 3), url.size()); }

}  // namespace

Result<std::unique_ptr<Exporter>> Exporter::Make(Loop& loop, const Config& config, telemetry::Speaker speaker,
                                                 metrics::OutboxMetrics& metrics, const logging::Log& log) {
  std::unique_ptr<Exporter> exporter(new Exporter(loop, metrics, log));
  if (!config.tracing.endpoint.empty()) TRY_VOID(exporter->OpenSpans(config.tracing, std::move(speaker)));
  if (!config.cloud_events.sink.empty()) TRY_VOID(exporter->OpenEvents(config.cloud_events));
  return exporter;
}

Result<void> Exporter::OpenSpans(const TracingConfig& config, telemetry::Speaker speaker) {
  TRY(spans_.transport, Connect(config.endpoint, config.ca_file, 1));
  auto request = [speaker = std::move(speaker), headers = HeadersOf(telemetry::kOtlpType, config.headers)](
                     const std::vector<json::Value>& spans) -> http::Request {
    return {.method = "POST",
            .target = telemetry::kTracesPath,
            .headers = headers,
            .body = telemetry::TracesBody(speaker, spans)};
  };
  spans_.outbox = std::make_unique<Outbox>(
      loop_, *spans_.transport,
      Outbox::Options{.request = std::move(request),
                      .left_out = [](const http::Response& answer) { return telemetry::RejectedSpans(answer.body); },
                      .on_fate = [this](Fate fate, int64_t items,
                                        const std::string& why) { Hear("Span", spans_, fate, items, why); }});
  return {};
}

// The path is the sink's own, with or without a slash at its end.
Result<void> Exporter::OpenEvents(const CloudEventsConfig& config) {
  const size_t path = PathOf(config.sink);
  TRY(events_.transport, Connect(config.sink.substr(0, path), config.ca_file, kEventsAtOnce));
  auto request = [target = path < config.sink.size() ? config.sink.substr(path) : "/",
                  headers = HeadersOf(telemetry::kCloudEventType, config.headers)](
                     const std::vector<json::Value>& events) -> http::Request {
    return {.method = "POST", .target = target, .headers = headers, .body = json::Write(events.front())};
  };
  events_.outbox = std::make_unique<Outbox>(
      loop_, *events_.transport,
      Outbox::Options{.request = std::move(request),
                      .on_fate = [this](Fate fate, int64_t items,
                                        const std::string& why) { Hear("Event", events_, fate, items, why); },
                      .batch = 1,
                      .at_once = kEventsAtOnce,
                      .linger = Duration(0)});
  return {};
}

void Exporter::Hear(const char* kind, Way& way, Fate fate, int64_t items, const std::string& why) {
  metrics_.Ended(kind, outbox::FateName(fate), items);
  const Duration now = loop_.Monotonic();
  if (fate == Fate::kSent || (way.said_at && now < *way.said_at + kQuiet)) return;
  way.said_at = now;
  log_.Warn("telemetry dropped",
            {{"kind", kind}, {"fate", outbox::FateName(fate)}, {"items", std::to_string(items)}, {"error", why}});
}

void Exporter::Drain(std::function<void()> done) {
  auto left = std::make_shared<int>(1);
  auto one_done = [left, done = std::move(done)] {
    if (--*left == 0) done();
  };
  for (Way* way : {&spans_, &events_}) {
    if (!way->outbox) continue;
    ++*left;
    way->outbox->Drain(kPatience, one_done);
  }
  one_done();
}

}  // namespace coreflow::manager
