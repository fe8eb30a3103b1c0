#include "pkg/compare/line_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

namespace coreflow::compare {

namespace {

using Kind = LineEdit::Kind;
using Lines = std::span<const std::string_view>;

constexpr size_t kContext = 3;  // lines around a change, as everywhere

// Myers, "An O(ND) Difference Algorithm and Its Variations": how far each diagonal k = x - y has come with d edits.
class ShortestEdit {
 public:
  ShortestEdit(Lines before, Lines after) : before_(before), after_(after) {}

  // Nothing when there are too many edits.
  std::vector<LineEdit> Find() {
    const auto most = std::min<int64_t>(kMostEdits, Size(before_) + Size(after_));
    for (int32_t d = 0; d <= most; ++d) {
      reach_.emplace_back(static_cast<size_t>(2 * d + 1));
      for (int32_t k = -d; k <= d; k += 2) {
        if (Follow(d, k)) return Backtrack(d, k);
      }
    }
    return {};
  }

 private:
  static int32_t Size(Lines lines) { return static_cast<int32_t>(lines.size()); }
  int32_t& Reach(int32_t d, int32_t k) {
    const int32_t at = k + d;
    return reach_[static_cast<size_t>(d)][static_cast<size_t>(at)];
  }
  std::string_view Before(int32_t x) const { return before_[static_cast<size_t>(x)]; }
  std::string_view After(int32_t y) const { return after_[static_cast<size_t>(y)]; }

  // Whether diagonal k is best come to from k + 1, by a line that is added.
  bool ComesFromAbove(int32_t d, int32_t k) { return k == -d || (k != d && Reach(d - 1, k - 1) < Reach(d - 1, k + 1)); }

  // Goes on along the diagonal as far as lines are the same; whether that is the end of both.
  bool Follow(int32_t d, int32_t k) {
    int32_t x = d == 0 ? 0 : ComesFromAbove(d, k) ? Reach(d - 1, k + 1) : Reach(d - 1, k - 1) + 1;
    while (x < Size(before_) && x - k < Size(after_) && Before(x) == After(x - k)) ++x;
    Reach(d, k) = x;
    return x >= Size(before_) && x - k >= Size(after_);
  }

  std::vector<LineEdit> Backtrack(int32_t d, int32_t k) {
    std::vector<LineEdit> edits;
    int32_t x = Size(before_);
    const auto keep = [&](int32_t until) {
      for (; x > until; --x) edits.push_back({.kind = Kind::kKept, .line = Before(x - 1)});
    };
    for (; d > 0; --d) {
      const bool added = ComesFromAbove(d, k);
      const int32_t from = Reach(d - 1, added ? k + 1 : k - 1);
      keep(added ? from : from + 1);
      if (added) {
        edits.push_back({.kind = Kind::kAdded, .line = After(x - k - 1)});
      } else {
        edits.push_back({.kind = Kind::kRemoved, .line = Before(--x)});
      }
      k += added ? 1 : -1;
    }
    keep(0);
    std::ranges::reverse(edits);
    return edits;
  }

  const Lines before_;
  const Lines after_;
  std::vector<std::vector<int32_t>> reach_;  // by d, then k
};

void Add(std::vector<LineEdit>& edits, Kind kind, Lines lines) {
  for (std::string_view line : lines) edits.push_back({.kind = kind, .line = line});
}

// Some edits that stand together, with what is around them.
struct Hunk {
  size_t begin = 0;  // in the edits
  size_t end = 0;
};

std::vector<Hunk> HunksOf(const std::vector<LineEdit>& edits) {
  std::vector<Hunk> hunks;
  for (size_t i = 0; i < edits.size(); ++i) {
    if (edits[i].kind == Kind::kKept) continue;
    const size_t begin = i < kContext ? 0 : i - kContext;
    const size_t end = std::min(edits.size(), i + 1 + kContext);
    if (hunks.empty() || begin > hunks.back().end) {
      hunks.push_back({.begin = begin, .end = end});
    } else {
      hunks.back().end = end;
    }
  }
  return hunks;
}

// "3", "3,7", or "2,0" where there are none: then the line before.
std::string Range(size_t lines_before, size_t count) {
  if (count == 1) return std::to_string(lines_before + 1);
  return fmt::format("{},{}", count == 0 ? lines_before : lines_before + 1, count);
}

size_t CountWithout(std::span<const LineEdit> edits, Kind kind) {
  return edits.size() - static_cast<size_t>(std::ranges::count(edits, kind, &LineEdit::kind));
}

std::string TextOf(const LineEdit& edit) {
  std::string text(1, edit.kind == Kind::kKept ? ' ' : edit.kind == Kind::kAdded ? '+' : '-');
  text += edit.line;
  return edit.line.ends_with('\n') ? text : text + "\n\\ No newline at end of file\n";
}

}  // namespace

std::vector<std::string_view> LinesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t size = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

std::vector<LineEdit> DiffLines(const std::vector<std::string_view>& before,
                                const std::vector<std::string_view>& after) {
  const auto first = std::ranges::mismatch(before, after);
  const auto head = static_cast<size_t>(first.in1 - before.begin());
  Lines rest_before = Lines(before).subspan(head);
  Lines rest_after = Lines(after).subspan(head);
  size_t tail = 0;
  while (tail < std::min(rest_before.size(), rest_after.size()) &&
         rest_before[rest_before.size() - 1 - tail] == rest_after[rest_after.size() - 1 - tail]) {
    ++tail;
  }
  rest_before = rest_before.first(rest_before.size() - tail);
  rest_after = rest_after.first(rest_after.size() - tail);
  std::vector<LineEdit> edits;
  Add(edits, Kind::kKept, Lines(before).first(head));
  const std::vector<LineEdit> found = ShortestEdit(rest_before, rest_after).Find();
  edits.insert(edits.end(), found.begin(), found.end());
  if (found.empty()) {
    Add(edits, Kind::kRemoved, rest_before);
    Add(edits, Kind::kAdded, rest_after);
  }
  Add(edits, Kind::kKept, Lines(before).last(tail));
  return edits;
}

std::string UnifiedDiff(std::string_view before, std::string_view after) {
  const std::vector<LineEdit> edits = DiffLines(LinesOf(before), LinesOf(after));
  const std::span<const LineEdit> all(edits);
  std::string text;
  for (const Hunk& hunk : HunksOf(edits)) {
    const auto earlier = all.first(hunk.begin);
    const auto here = all.subspan(hunk.begin, hunk.end - hunk.begin);
    text += fmt::format("@@ -{} +{} @@\n", Range(CountWithout(earlier, Kind::kAdded), CountWithout(here, Kind::kAdded)),
                        Range(CountWithout(earlier, Kind::kRemoved), CountWithout(here, Kind::kRemoved)));
    for (const LineEdit& edit : here) text += TextOf(edit);
  }
  return text;
}

}  // namespace coreflow::compare
