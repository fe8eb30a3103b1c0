#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/cli/json_path_node.h"
#include "pkg/json/value.h"

namespace coreflow::cli {

// A template of kubectl's -o jsonpath (https://kubernetes.io/docs/reference/kubectl/jsonpath/): text with paths in
// braces, and {range} … {end}. A member that is not there is nothing, as with kubectl's --allow-missing-template-keys.
// Unlike kubectl's, members that * and .. find come in the order of their names, and numbers compare as numbers.
class JsonPath {
 public:
  // kInvalid, with what is wrong, for anything that is no template.
  static Result<JsonPath> Parse(std::string_view text);

  // The template with what its paths find in the value. kInvalid for an index that an array has not, or a comparison of
  // what can't be compared.
  Result<std::string> Print(const json::Value& value) const;

  // All that is found, in the order of the template.
  Result<std::vector<json::Value>> Find(const json::Value& value) const;

 private:
  std::vector<PathBlock> blocks_ = {};
};

}  // namespace coreflow::cli
