#include "operator/exporter/exporter.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "pkg/http/beast_transport.h"
#include "pkg/json/write.h"

namespace coreflow::exporter {

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
    if (auto header = outbox::ParseHeader(text)) headers.push_back(*std::move(header));
  }
  return headers;
}

Result<std::unique_ptr<http::Transport>> Connect(const std::string& url, const std::string& ca_file,
                                                 const telemetry::Speaker& speaker, size_t at_once) {
  return http::NewBeastTransport({.url = url,
                                  .ca_file = ca_file,
                                  .user_agent = speaker.service,
                                  .max_body = kMostAnswer,
                                  .max_in_flight = at_once});
}

// Where the path of a URL begins. REQUIRES: a scheme.
size_t PathOf(const std::string& url) { return std::min(url.find('/', url.find("://") + 3), url.size()); }

}  // namespace

Result<std::unique_ptr<Exporter>> Exporter::Make(Loop& loop, Options options, metrics::OutboxMetrics& metrics) {
  std::unique_ptr<Exporter> exporter(new Exporter(loop, std::move(options), metrics));
  if (!exporter->options_.spans.url.empty()) TRY_VOID(exporter->OpenSpans());
  if (!exporter->options_.events.url.empty()) TRY_VOID(exporter->OpenEvents());
  return exporter;
}

Result<void> Exporter::OpenSpans() {
  const outbox::Receiver& receiver = options_.spans;
  TRY(spans_.transport, Connect(receiver.url, receiver.ca_file, options_.speaker, 1));
  auto request = [speaker = options_.speaker, headers = HeadersOf(telemetry::kOtlpType, receiver.headers)](
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
Result<void> Exporter::OpenEvents() {
  const outbox::Receiver& receiver = options_.events;
  const size_t path = PathOf(receiver.url);
  TRY(events_.transport, Connect(receiver.url.substr(0, path), receiver.ca_file, options_.speaker, kEventsAtOnce));
  auto request = [target = path < receiver.url.size() ? receiver.url.substr(path) : "/",
                  headers = HeadersOf(telemetry::kCloudEventType, receiver.headers)](
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
  if (options_.on_dropped) options_.on_dropped({.kind = kind, .fate = fate, .items = items, .why = why});
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

runs::Reports::Options ReportsTo(Exporter& exporter) {
  runs::Reports::Options options;
  if (exporter.takes_spans()) options.on_span = [&exporter](const telemetry::Span& span) { exporter.Put(span); };
  if (exporter.takes_events()) {
    options.on_event = [&exporter](const telemetry::CloudEvent& event) { exporter.Put(event); };
  }
  return options;
}

}  // namespace coreflow::exporter
