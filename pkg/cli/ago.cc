#include "pkg/cli/ago.h"

#include <fmt/format.h>

#include <algorithm>

namespace coreflow::cli {

namespace {

std::string Two(int64_t first, char unit, int64_t second, char lower) {
  return second == 0 ? fmt::format("{}{}", first, unit) : fmt::format("{}{}{}{}", first, unit, second, lower);
}

}  // namespace

std::string Short(Duration span) {
  const int64_t seconds = std::max<int64_t>(0, std::chrono::duration_cast<std::chrono::seconds>(span).count());
  const int64_t minutes = seconds / 60;
  const int64_t hours = minutes / 60;
  const int64_t days = hours / 24;
  if (seconds < 60) return fmt::format("{}s", seconds);
  if (minutes < 10) return Two(minutes, 'm', seconds % 60, 's');
  if (hours < 3) return fmt::format("{}m", minutes);
  if (hours < 8) return Two(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return fmt::format("{}h", hours);
  if (days < 8) return Two(days, 'd', hours % 24, 'h');
  return fmt::format("{}d", days);
}

}  // namespace coreflow::cli
