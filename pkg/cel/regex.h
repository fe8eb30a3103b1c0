#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "pkg/base/result.h"

namespace coreflow::cel {

// A regular expression in RE2's syntax: matching takes time linear in the text. Immutable and thread-safe.
class Regex {
 public:
  // kInvalid says what is wrong with the pattern, or that its automaton would be larger than 256 KiB.
  static Result<std::shared_ptr<const Regex>> Compile(std::string_view pattern);

  virtual ~Regex() = default;

  // Whether the pattern matches anywhere in the text.
  virtual bool Matches(std::string_view text) const = 0;

  // How many steps matching takes for each byte of text at worst, roughly.
  virtual uint64_t cost_per_byte() const = 0;
};

}  // namespace coreflow::cel
