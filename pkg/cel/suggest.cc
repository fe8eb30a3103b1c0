#include "pkg/cel/suggest.h"

#include <algorithm>

namespace coreflow::cel {

namespace {

char Fold(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 'a' - 'A') : c == '-' ? '_' : c; }

// Letters to insert, drop, replace or swap with their neighbour (optimal string alignment).
size_t Distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<size_t>> d(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t change = Fold(a[i - 1]) == Fold(b[j - 1]) ? 0 : 1;
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

}  // namespace

std::optional<std::string> ClosestName(std::string_view wrong, const std::vector<std::string_view>& names) {
  constexpr size_t kLongest = 64;
  std::optional<std::string> best;
  size_t best_distance = std::max<size_t>(1, wrong.size() / 3) + 1;
  for (std::string_view name : names) {
    if (wrong.size() > kLongest || name.size() > kLongest) continue;
    size_t gap = name.size() > wrong.size() ? name.size() - wrong.size() : wrong.size() - name.size();
    if (gap >= best_distance) continue;
    size_t distance = Distance(wrong, name);
    if (distance >= best_distance || distance >= name.size()) continue;
    best_distance = distance;
    best = name;
  }
  return best;
}

std::string ListNames(const std::vector<std::string_view>& names) {
  constexpr size_t kMost = 10;
  std::string out;
  for (size_t i = 0; i < std::min(names.size(), kMost); ++i) out += (i > 0 ? ", " : "") + std::string(names[i]);
  return names.size() > kMost ? out + ", …" : out;
}

}  // namespace coreflow::cel
