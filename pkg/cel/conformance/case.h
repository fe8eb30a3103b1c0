#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/cel/conformance/textproto.h"
#include "pkg/cel/declarations.h"
#include "pkg/cel/value.h"

namespace coreflow::cel::conformance {

// One test of the specification.
struct Case {
  std::string id{};  // "basic/self_eval_nonzeroish/self_eval_int_nonzero", numbered where one comes again
  std::string expression{};
  std::string container{};
  bool unchecked = false;
  bool check_only = false;
  Declarations declarations{};
  std::map<std::string, Value, std::less<>> bindings{};
  std::optional<Value> want{};  // nullopt: an error
  // What the case needs that values and types here cannot say; such a case cannot be run.
  std::optional<std::string> beyond{};
};

// The cases of one file.
Result<std::vector<Case>> ReadCases(const std::string& file_name, const std::string& text);

// Whether the value is what was wanted: NaN is NaN, -0.0 is 0.0.
bool Matches(const Value& got, const Value& want);

}  // namespace coreflow::cel::conformance
