#pragma once

#include <string>
#include <utility>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/cel/template_string.h"
#include "pkg/json/binder.h"
#include "pkg/json/value.h"

namespace coreflow::graph {

// A JSON value in which some strings hold `$[[ expression ]]`. Compiled once, filled in for every attempt.
class TemplatedValue {
 public:
  TemplatedValue() = default;

  // A value that holds no expressions, whatever its text looks like.
  static TemplatedValue Plain(json::Value value) {
    TemplatedValue out;
    out.value_ = std::move(value);
    return out;
  }

  // Compiles the expressions in every string of `value`, at any depth; names of members are left alone. Adds a problem
  // with its path below `path` for each that does not compile.
  static TemplatedValue Compile(json::Value value, const cel::Declarations& declarations, const std::string& path,
                                std::vector<json::Problem>& problems);

  // The value with every expression replaced by its result, once: results are never looked at again. Where the kubelet
  // would expand `$(NAME)` (command, args, and value of env, of any container), every `$` of a result is doubled, so
  // that it arrives as it is. The error names the path of the field.
  Result<json::Value> Fill(const cel::Activation& activation) const;

  const json::Value& raw() const { return value_; }
  // What its expressions read.
  std::vector<cel::Reference> References() const;

 private:
  struct Hole {
    std::vector<std::string> path = {};  // member names and decimal indexes from the root
    std::string place = {};              // the same for people, from the root of the spec
    bool expanded_by_kubelet = false;
    cel::Template text;
  };

  json::Value value_;
  std::vector<Hole> holes_;
};

}  // namespace coreflow::graph
