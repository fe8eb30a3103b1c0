#include "pkg/cli/table.h"

#include <algorithm>

namespace coreflow::cli {

namespace {

constexpr size_t kGap = 3;

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

std::string Table::Text(bool with_headings) const {
  if (rows_.empty()) return "";
  std::vector<size_t> widths;
  for (const std::string& heading : headings_) widths.push_back(with_headings ? Columns(heading) : 0);
  for (const auto& row : rows_) {
    for (size_t i = 0; i < widths.size() && i < row.size(); ++i) widths[i] = std::max(widths[i], Columns(row[i]));
  }
  std::string text;
  const auto add = [&](const std::vector<std::string>& row) {
    std::string line;
    for (size_t i = 0; i < widths.size() && i < row.size(); ++i) {
      line += OneLine(row[i]);
      if (i + 1 < widths.size()) line.append(widths[i] + kGap - Columns(row[i]), ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  if (with_headings) add(headings_);
  for (const auto& row : rows_) add(row);
  return text;
}

}  // namespace coreflow::cli
