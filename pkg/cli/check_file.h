#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pkg/yaml/marks.h"

namespace coreflow::cli {

// One thing that is wrong, or may not be meant so, in a file.
struct Finding {
  yaml::Mark mark = {};
  bool error = true;        // else a warning
  std::string object = {};  // "Workflow/word-count"; empty: the text itself
  std::string path = {};    // ".spec.steps[1].image"; empty: the whole
  std::string message = {};

  bool operator==(const Finding&) const = default;
};

// Everything that the operator would say of the file's Workflows and Jobs, what the API server would refuse (fields
// that there are not), and what is read otherwise than it looks; in the order of the text. Objects of other kinds are
// passed over. Needs no cluster.
std::vector<Finding> CheckFile(std::string_view text);

}  // namespace coreflow::cli
