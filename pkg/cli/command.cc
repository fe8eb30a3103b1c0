#include "pkg/cli/command.h"

#include <charconv>

#include "pkg/base/check.h"

namespace coreflow::cli {

namespace {

std::optional<int64_t> ParseNumber(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

std::optional<int64_t> SecondsOf(char unit) {
  switch (unit) {
    case 's': return 1;
    case 'm': return 60;
    case 'h': return 3600;
    case 'd': return 86400;
    default: return std::nullopt;
  }
}

}  // namespace

std::optional<Duration> ParseDuration(std::string_view text) {
  constexpr int64_t kMost = int64_t{100} * 366 * 86400;
  if (auto seconds = ParseNumber(text)) return std::chrono::seconds(std::min(*seconds, kMost));
  int64_t total = 0;
  while (!text.empty()) {
    const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits == text.size()) return std::nullopt;
    const auto number = ParseNumber(text.substr(0, digits));
    const auto unit = SecondsOf(text[digits]);
    if (!number || !unit || *number > kMost) return std::nullopt;
    total = std::min(total + *number * *unit, kMost);
    text.remove_prefix(digits + 1);
  }
  if (total == 0) return std::nullopt;
  return std::chrono::seconds(total);
}

std::string Arguments::Text(std::string_view flag) const {
  auto found = flags.find(flag);
  return found == flags.end() || found->second.empty() ? "" : found->second.back();
}

std::vector<std::string> Arguments::All(std::string_view flag) const {
  auto found = flags.find(flag);
  return found == flags.end() ? std::vector<std::string>() : found->second;
}

std::optional<int64_t> Arguments::Number(std::string_view flag) const {
  if (!Has(flag)) return std::nullopt;
  auto number = ParseNumber(Text(flag));
  CHECK(number, "the command line was checked");
  return number;
}

std::optional<Duration> Arguments::Span(std::string_view flag) const {
  if (!Has(flag)) return std::nullopt;
  auto span = ParseDuration(Text(flag));
  CHECK(span, "the command line was checked");
  return span;
}

}  // namespace coreflow::cli
