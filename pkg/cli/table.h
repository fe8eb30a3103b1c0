#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace coreflow::cli {

// Rows under headings, as kubectl aligns them: three blanks between columns, none at the end of a line. Nothing when
// there are no rows.
class Table {
 public:
  explicit Table(std::vector<std::string> headings) : headings_(std::move(headings)) {}

  void Add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  bool empty() const { return rows_.empty(); }
  std::string Text(bool with_headings = true) const;

 private:
  std::vector<std::string> headings_;
  std::vector<std::vector<std::string>> rows_;
};

// How many columns of a terminal the text takes: its code points.
size_t Columns(std::string_view text);

// At most so many columns, with "…" where something was cut. Control characters become blanks: the text may be
// anybody's, and must not move the cursor.
std::string Fit(std::string_view text, size_t columns);

// The text in one line, whatever it holds: for cells and messages.
std::string OneLine(std::string_view text);

}  // namespace coreflow::cli
