#include "pkg/api/run_name.h"

#include <algorithm>
#include <charconv>

#include "pkg/api/names.h"

namespace coreflow::api {

namespace {

constexpr size_t kMostDigits = 9;

bool IsNumber(std::string_view digits) {
  return !digits.empty() && digits.size() <= kMostDigits && digits.front() != '0' &&
         std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<RunName> ParseRunName(std::string_view text) {
  const size_t slash = text.find('/');
  RunName name{.object = std::string(text.substr(0, slash))};
  if (!IsObjectName(name.object)) return std::nullopt;
  if (slash == std::string_view::npos) return name;
  const std::string_view digits = text.substr(slash + 1);
  if (!IsNumber(digits)) return std::nullopt;
  std::from_chars(digits.data(), digits.data() + digits.size(), name.number);
  return name;
}

std::string ToText(const RunName& name) {
  return name.number == 0 ? name.object : name.object + "/" + std::to_string(name.number);
}

}  // namespace coreflow::api
