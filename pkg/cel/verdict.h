#pragma once

#include <optional>

#include "pkg/base/result.h"
#include "pkg/cel/value.h"

namespace coreflow::cel {

// The result of && (conjunction) or || over terms that come one by one: a term that decides wins over errors of the
// others; without one, the first error stands.
class Verdict {
 public:
  explicit Verdict(bool conjunction) : conjunction_(conjunction) {}

  // Whether the term decided, so that no other need be looked at.
  bool Add(const Result<bool>& term) {
    if (!term) {
      if (!error_) error_ = term.error();
      return false;
    }
    decided_ = *term != conjunction_;
    return decided_;
  }

  Result<Value> Get() const {
    if (decided_) return Value::Bool(!conjunction_);
    if (error_) return *error_;
    return Value::Bool(conjunction_);
  }

 private:
  const bool conjunction_;
  bool decided_ = false;
  std::optional<Error> error_{};
};

}  // namespace coreflow::cel
