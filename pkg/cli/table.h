#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace coreflow::cli {

// Rows under headings, as kubectl aligns them: three blanks between columns, none at the end of a line.
class Table {
 public:
  explicit Table(std::vector<std::string> headings) : headings_(std::move(headings)) {}

  void Add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  // The column of that heading has states, and shows them in colours if there are any.
  void ColorStates(const std::string& heading, bool color);
  bool empty() const { return rows_.empty(); }
  // Nothing when there are no rows.
  std::string Text(bool with_headings = true) const;
  // What was added since the last time, under what was there; the headings the first time.
  std::string Next(bool with_headings = true);

 private:
  std::vector<size_t> Widths(bool with_headings) const;
  std::string Lines(bool with_headings) const;

  std::vector<std::string> headings_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<size_t> least_ = {};  // of each column, with its gap
  bool begun_ = false;
  size_t states_ = SIZE_MAX;  // the column with colours
};

// How many columns of a terminal the text takes: its code points.
size_t Columns(std::string_view text);

// At most so many columns, with "…" where something was cut. Control characters become blanks: the text may be
// anybody's, and must not move the cursor.
std::string Fit(std::string_view text, size_t columns);

// The text in one line, whatever it holds: for cells and messages.
std::string OneLine(std::string_view text);

}  // namespace coreflow::cli
