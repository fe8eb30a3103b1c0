#include "pkg/cli/color.h"

#include <algorithm>
#include <array>
#include <utility>

namespace coreflow::cli {

namespace {

// Select Graphic Rendition (ECMA-48): green, red, cyan, yellow, faint.
constexpr std::array<std::pair<std::string_view, int>, 10> kColors = {{{"Succeeded", 32},
                                                                       {"Failed", 31},
                                                                       {"Running", 36},
                                                                       {"Retrying", 33},
                                                                       {"Pending", 33},
                                                                       {"Suspended", 33},
                                                                       {"Stopping", 33},
                                                                       {"Stopped", 33},
                                                                       {"Skipped", 2},
                                                                       {"Omitted", 2}}};

}  // namespace

bool WantsColor(const Environment& environment, const Arguments& arguments) {
  const std::string flag = arguments.Text("color");
  if (flag == "always" || flag == "never") return flag == "always";
  if (!environment.Variable("NO_COLOR").empty()) return false;
  const std::string forced = environment.Variable("CLICOLOR_FORCE");
  if (!forced.empty() && forced != "0") return true;
  return environment.terminal().has_value();
}

std::string Colored(std::string_view word, bool color) {
  const auto found = std::ranges::find(kColors, word, &std::pair<std::string_view, int>::first);
  if (!color || found == kColors.end() || word.empty()) return std::string(word);
  return "\x1b[" + std::to_string(found->second) + "m" + std::string(word) + "\x1b[0m";
}

std::string ColoredWithin(std::string line, size_t at, std::string_view word, bool color) {
  if (at <= line.size() && line.compare(at, word.size(), word) == 0)
    line.replace(at, word.size(), Colored(word, color));
  return line;
}

}  // namespace coreflow::cli
