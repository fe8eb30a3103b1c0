#pragma once

#include <map>
#include <string>
#include <string_view>

#include "pkg/cel/type.h"

namespace coreflow::cel {

// The variables that an expression may read, with their types. A plain value.
class Declarations {
 public:
  Declarations() = default;

  // Adds or replaces. The name may be dotted ("a.b"); such a variable hides a field b of a variable a.
  Declarations& Add(std::string name, Type type) {
    variables_.insert_or_assign(std::move(name), std::move(type));
    return *this;
  }

  // The type of the variable, or nullptr when it is not declared.
  const Type* Find(std::string_view name) const {
    auto it = variables_.find(name);
    return it == variables_.end() ? nullptr : &it->second;
  }

  const std::map<std::string, Type, std::less<>>& variables() const { return variables_; }

 private:
  std::map<std::string, Type, std::less<>> variables_;
};

}  // namespace coreflow::cel
