#include "pkg/telemetry/trace_context.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "pkg/base/hash.h"

namespace coreflow::telemetry {

namespace {

constexpr size_t kTraceId = 32;
constexpr size_t kSpanId = 16;
constexpr size_t kTraceparent = 2 + 1 + kTraceId + 1 + kSpanId + 1 + 2;

// The standard has lower case only.
bool IsHex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsId(std::string_view text) { return IsHex(text) && text.find_first_not_of('0') != std::string_view::npos; }

std::string IdOf(std::string_view name, size_t length) {
  std::string id = Sha256Hex(name).substr(0, length);
  if (!IsId(id)) id.back() = '1';  // nobody has found such a name, but 0 is no id
  return id;
}

}  // namespace

std::optional<TraceContext> ParseTraceparent(std::string_view text) {
  if (text.size() != kTraceparent || !text.starts_with("00-")) return std::nullopt;
  const std::string_view trace_id = text.substr(3, kTraceId);
  const std::string_view span_id = text.substr(4 + kTraceId, kSpanId);
  const std::string_view flags = text.substr(5 + kTraceId + kSpanId);
  if (text[3 + kTraceId] != '-' || text[4 + kTraceId + kSpanId] != '-') return std::nullopt;
  if (!IsId(trace_id) || !IsId(span_id) || !IsHex(flags)) return std::nullopt;
  constexpr std::string_view kOdd = "13579bdf";  // the lowest bit: sampled
  return TraceContext{.trace_id = std::string(trace_id),
                      .span_id = std::string(span_id),
                      .sampled = kOdd.find(flags.back()) != std::string_view::npos};
}

std::string ToTraceparent(const TraceContext& context) {
  return fmt::format("00-{}-{}-{}", context.trace_id, context.span_id, context.sampled ? "01" : "00");
}

std::string TraceIdOf(std::string_view name) { return IdOf(name, kTraceId); }
std::string SpanIdOf(std::string_view name) { return IdOf(name, kSpanId); }

void PrintTo(const TraceContext& context, std::ostream* out) { *out << ToTraceparent(context); }

}  // namespace coreflow::telemetry
