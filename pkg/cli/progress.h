#pragma once

#include <map>
#include <string>
#include <vector>

#include "pkg/base/time.h"
#include "pkg/cli/environment.h"
#include "pkg/cli/run_view.h"

namespace coreflow::cli {

// A run on a screen: a heading, then the steps as they were written, with the items that run or failed below them.
// Where there are more lines than the screen has, what runs or failed comes first and the rest is counted: "… 1,940
// succeeded". At most terminal.height - 1 lines, none wider than the terminal.
// `color`: states in colours.
std::vector<std::string> ProgressLines(const RunView& view, Time now, const Terminal& terminal, bool color);

// Shows one screenful after another in place, each as one write.
class Screen {
 public:
  explicit Screen(Environment& environment) : environment_(environment) {}
  void Show(const std::vector<std::string>& lines);

 private:
  Environment& environment_;
  size_t shown_ = 0;  // lines of the last one
};

// The same without a terminal: a line for each change of the run's and its steps' states since the last call.
class Changes {
 public:
  std::string Since(const RunView& view, Time now, bool color);

 private:
  std::string run_;
  std::map<std::string, std::string> steps_;
};

}  // namespace coreflow::cli
