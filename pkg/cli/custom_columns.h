#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/cli/json_path.h"

namespace coreflow::cli {

// The columns of kubectl's -o custom-columns: "NAME:.metadata.name,STATE:.status.state".
class CustomColumns {
 public:
  // kInvalid, with what is wrong, for anything else.
  static Result<CustomColumns> Parse(std::string_view text);

  const std::vector<std::string>& headings() const { return headings_; }
  // What of an object is in each column; "<none>" where there is nothing.
  Result<std::vector<std::string>> Row(const json::Value& object) const;

 private:
  std::vector<std::string> headings_ = {};
  std::vector<JsonPath> paths_ = {};
};

}  // namespace coreflow::cli
