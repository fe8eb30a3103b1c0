#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace coreflow::compare {

// One line on the way from a text to another, with its end.
struct LineEdit {
  enum class Kind : uint8_t { kKept, kRemoved, kAdded };
  Kind kind = Kind::kKept;
  std::string_view line = {};

  bool operator==(const LineEdit&) const = default;
};

// The lines of a text, each with its end; the last one may have none.
std::vector<std::string_view> LinesOf(std::string_view text);

// The shortest way from the lines of one text to those of another. Beyond kMostEdits it is not looked for: then all
// between the first and the last line that differ is removed and added. The lines must outlive the result.
std::vector<LineEdit> DiffLines(const std::vector<std::string_view>& before,
                                const std::vector<std::string_view>& after);
inline constexpr int32_t kMostEdits = 1000;

// As `diff -u` has it, without the lines that name files; empty when the texts are the same.
std::string UnifiedDiff(std::string_view before, std::string_view after);

}  // namespace coreflow::compare
