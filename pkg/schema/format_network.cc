#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "pkg/schema/format.h"

namespace coreflow::schema {

namespace {

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (size_t begin = 0; begin <= text.size();) {
    size_t end = std::min(text.find(separator, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

std::optional<int> Number(std::string_view digits, int base, size_t most_digits) {
  int number = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  bool whole = error == std::errc() && end == digits.data() + digits.size() && digits[0] != '-';
  return whole && digits.size() <= most_digits ? std::optional(number) : std::nullopt;
}

// How many of the eight groups of an IPv6 address some of its text stands for; nullopt when it is wrong.
std::optional<size_t> Groups(std::string_view text) {
  if (text.empty()) return 0;
  size_t count = 0;
  std::vector<std::string_view> parts = Split(text, ':');
  for (size_t i = 0; i < parts.size(); ++i) {
    bool last = i + 1 == parts.size();
    if (last && IsIpv4(parts[i])) {
      count += 2;
    } else if (!parts[i].empty() && Number(parts[i], 16, 4)) {
      ++count;
    } else {
      return std::nullopt;
    }
  }
  return count;
}

// What the server takes for letters of a host's name: symbols too.
bool IsHostCharacter(char c) {
  auto byte = static_cast<unsigned char>(c);
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || byte >= 0x80 ||
         std::string_view("$+<=>^`|~").find(c) != std::string_view::npos;
}

bool IsHostLabel(std::string_view label) {
  auto allowed = [](char c) { return IsHostCharacter(c) || c == '-'; };
  return !label.empty() && label.size() <= 63 && IsHostCharacter(label.front()) && IsHostCharacter(label.back()) &&
         std::all_of(label.begin(), label.end(), allowed);
}

}  // namespace

// Zeros in front are allowed, as they once were.
bool IsIpv4(std::string_view text) {
  std::vector<std::string_view> parts = Split(text, '.');
  auto is_byte = [](std::string_view part) {
    auto number = part.empty() ? std::nullopt : Number(part, 10, part.size());
    return number && *number <= 255;
  };
  return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), is_byte);
}

bool IsIpv6(std::string_view text) {
  size_t gap = text.find("::");
  if (gap == std::string_view::npos) return Groups(text) == 8U;
  auto before = Groups(text.substr(0, gap));
  auto after = Groups(text.substr(gap + 2));
  return before && after && *before + *after <= 7;
}

bool IsCidr(std::string_view text) {
  size_t slash = text.find('/');
  if (slash == std::string_view::npos || slash + 1 == text.size()) return false;
  auto bits = Number(text.substr(slash + 1), 10, 3);
  std::string_view address = text.substr(0, slash);
  return bits && ((IsIpv4(address) && *bits <= 32) || (IsIpv6(address) && *bits <= 128));
}

bool IsHostname(std::string_view text) {
  std::vector<std::string_view> labels = Split(text, '.');
  if (text.size() > 255 || !std::all_of(labels.begin(), labels.end(), IsHostLabel)) return false;
  // Alone, a label may have a dash only as its second character: the server's pattern has it so.
  if (labels.size() == 1) return labels[0].find('-', 2) == std::string_view::npos;
  // The top is two letters or more.
  auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
  };
  return labels.back().size() >= 2 && std::all_of(labels.back().begin(), labels.back().end(), is_letter);
}

}  // namespace coreflow::schema
