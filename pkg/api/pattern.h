#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "pkg/base/result.h"

namespace coreflow::api {

// A regular expression in RE2's syntax that a whole text must match. Linear in time and bounded in memory, so safe for
// expressions and texts from anybody. Immutable and thread-safe.
class Pattern {
 public:
  // kInvalid when it is no expression, or one that compiles to more than 1 MiB.
  static Result<Pattern> Compile(std::string_view expression);

  // Whether `text` matches from its first to its last byte.
  bool Matches(std::string_view text) const;

 private:
  struct Compiled;
  explicit Pattern(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}

  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace coreflow::api
