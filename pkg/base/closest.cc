#include "pkg/base/closest.h"

#include <algorithm>
#include <numeric>

namespace coreflow {

namespace {

constexpr size_t kLongestWord = 64;
constexpr size_t kMostCandidates = 1000;

char Fold(char c) {
  if (c == '-') return '_';
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Letters to insert, delete or replace; two swapped neighbours count as one.
size_t Distance(std::string_view a, std::string_view b) {
  std::vector<size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t replace = Fold(a[i - 1]) == Fold(b[j - 1]) ? 0 : 1;
      row[j] = std::min({row[j - 1] + 1, last[j] + 1, last[j - 1] + replace});
      bool swapped = i > 1 && j > 1 && Fold(a[i - 1]) == Fold(b[j - 2]) && Fold(a[i - 2]) == Fold(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

std::optional<std::string_view> Closest(std::string_view word, const std::vector<std::string_view>& candidates) {
  if (word.empty() || word.size() > kLongestWord) return std::nullopt;
  std::optional<std::string_view> best;
  size_t best_distance = 0;
  for (size_t i = 0; i < std::min(candidates.size(), kMostCandidates); ++i) {
    std::string_view candidate = candidates[i];
    if (candidate.size() > kLongestWord) continue;
    size_t distance = Distance(word, candidate);
    size_t allowed = std::max<size_t>(1, std::min(word.size(), candidate.size()) / 3);
    if (distance > allowed || distance >= candidate.size() || (best && distance >= best_distance)) continue;
    best = candidate;
    best_distance = distance;
  }
  return best;
}

std::string DidYouMean(std::string_view word, const std::vector<std::string_view>& candidates) {
  std::optional<std::string_view> closest = Closest(word, candidates);
  return closest ? "; did you mean \"" + std::string(*closest) + "\"?" : "";
}

}  // namespace coreflow
