#include "pkg/cli/table.h"

#include <algorithm>
#include <utility>

#include "pkg/cli/color.h"

namespace coreflow::cli {

namespace {

constexpr size_t kGap = 3;
constexpr size_t kLeastColumn = 6;  // with its gap

bool StartsCharacter(char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }

}  // namespace

size_t Columns(std::string_view text) { return static_cast<size_t>(std::ranges::count_if(text, StartsCharacter)); }

std::string OneLine(std::string_view text) {
  std::string line;
  for (char c : text) line += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::string Fit(std::string_view text, size_t columns) {
  std::string line = OneLine(text);
  if (Columns(line) <= columns) return line;
  size_t at = 0;
  for (size_t seen = 0; at < line.size(); ++at) {
    if (StartsCharacter(line[at]) && ++seen == std::max<size_t>(columns, 1)) break;
  }
  return line.substr(0, at) + "…";
}

std::string Table::Text(bool with_headings) const { return rows_.empty() ? "" : Lines(with_headings); }

void Table::ColorStates(const std::string& heading, bool color) {
  const auto found = std::ranges::find(headings_, heading);
  if (color && found != headings_.end()) states_ = static_cast<size_t>(found - headings_.begin());
}

std::string Table::Next(bool with_headings) {
  const bool headings = with_headings && !std::exchange(begun_, true);
  least_ = Widths(headings);
  std::string text = Lines(headings);
  rows_.clear();
  return text;
}

std::vector<size_t> Table::Widths(bool with_headings) const {
  std::vector<size_t> widths(headings_.size(), kLeastColumn);
  const auto grow = [&](const std::vector<std::string>& row) {
    for (size_t i = 0; i < widths.size() && i < row.size(); ++i) {
      widths[i] = std::max(widths[i], Columns(OneLine(row[i])) + kGap);
    }
  };
  if (with_headings) grow(headings_);
  for (const auto& row : rows_) grow(row);
  for (size_t i = 0; i < least_.size(); ++i) widths[i] = std::max(widths[i], least_[i]);
  return widths;
}

std::string Table::Lines(bool with_headings) const {
  const std::vector<size_t> widths = Widths(with_headings);
  std::string text;
  const auto add = [&](const std::vector<std::string>& row) {
    std::string line;
    for (size_t i = 0; i < widths.size() && i < row.size(); ++i) {
      const std::string cell = OneLine(row[i]);
      line += Colored(cell, i == states_);
      if (i + 1 < widths.size()) line.append(widths[i] - Columns(cell), ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  if (with_headings) add(headings_);
  for (const auto& row : rows_) add(row);
  return text;
}

}  // namespace coreflow::cli
