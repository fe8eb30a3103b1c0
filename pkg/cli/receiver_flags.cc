#include "pkg/cli/receiver_flags.h"

#include <fmt/format.h>

#include <string_view>

namespace coreflow::cli {

namespace {

outbox::Receiver ReceiverOf(const Arguments& arguments, std::string_view url, const std::string& others) {
  outbox::Receiver receiver{.url = arguments.Text(url), .ca_file = arguments.Text(others + "-ca-file")};
  if (const std::string headers = others + "-headers"; arguments.Has(headers)) {
    receiver.headers = outbox::SplitList(arguments.Text(headers));
  }
  return receiver;
}

std::string Wrong(const outbox::Receiver& receiver, std::string_view url, std::string_view others) {
  const auto problems = outbox::CheckReceiver(receiver);
  if (problems.empty()) return "";
  const auto& [field, message] = problems.front();
  return field == "url" ? fmt::format("--{}: {}", url, message) : fmt::format("--{}-headers: {}", others, message);
}

}  // namespace

std::vector<Flag> ReceiverFlags() {
  return {
      {.name = "otlp-endpoint",
       .kind = FlagKind::kText,
       .placeholder = "URL",
       .help = "where spans of runs are sent, by OTLP over HTTP: http or https://HOST:PORT, without /v1/traces"},
      {.name = "otlp-headers", .kind = FlagKind::kText, .placeholder = "A=B,C=D", .help = "headers of these requests"},
      {.name = "otlp-ca-file",
       .kind = FlagKind::kText,
       .placeholder = "FILE",
       .help = "PEM of who may sign for it; else the system's"},
      {.name = "cloudevents-sink",
       .kind = FlagKind::kText,
       .placeholder = "URL",
       .help = "where a CloudEvent is sent when a run or a step has ended"},
      {.name = "cloudevents-headers",
       .kind = FlagKind::kText,
       .placeholder = "A=B,C=D",
       .help = "headers of these requests"},
      {.name = "cloudevents-ca-file",
       .kind = FlagKind::kText,
       .placeholder = "FILE",
       .help = "PEM of who may sign for it; else the system's"}};
}

outbox::Receiver SpanReceiver(const Arguments& arguments) { return ReceiverOf(arguments, "otlp-endpoint", "otlp"); }

outbox::Receiver EventReceiver(const Arguments& arguments) {
  return ReceiverOf(arguments, "cloudevents-sink", "cloudevents");
}

std::string WrongReceiverFlags(const Arguments& arguments) {
  const std::string spans = Wrong(SpanReceiver(arguments), "otlp-endpoint", "otlp");
  return spans.empty() ? Wrong(EventReceiver(arguments), "cloudevents-sink", "cloudevents") : spans;
}

}  // namespace coreflow::cli
