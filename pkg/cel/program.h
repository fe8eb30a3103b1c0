#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/cel/declarations.h"
#include "pkg/cel/type.h"
#include "pkg/cel/value.h"

namespace coreflow::cel {

// What is wrong with a text, for the person who wrote it.
struct Problem {
  size_t offset = 0;      // in bytes from the start of the text
  std::string message{};  // what is wrong and what would be right

  bool operator==(const Problem&) const = default;
};

// The values of the variables of one evaluation. Implementations must be thread-safe if a program is evaluated on
// several threads with the same activation.
class Activation {
 public:
  virtual ~Activation() = default;

  // The variable's value, or nullopt when it has none (reading it is then an error of the expression).
  virtual std::optional<Value> Find(std::string_view name) const = 0;

  // The offset from UTC of an IANA time zone at that moment, or nullopt when the zone is not known. UTC and fixed
  // offsets ("+05:45") never come here. This library reads no time zone database.
  virtual std::optional<std::chrono::seconds> ZoneOffset(std::string_view zone, Timestamp at) const;
};

// Variables from a plain map.
class MapActivation : public Activation {
 public:
  explicit MapActivation(std::map<std::string, Value, std::less<>> values) : values_(std::move(values)) {}
  std::optional<Value> Find(std::string_view name) const override;

 private:
  const std::map<std::string, Value, std::less<>> values_;
};

// What one evaluation may use. Passing a limit ends the evaluation with kInvalid and is never absorbed by && or ||.
struct Limits {
  // One for every node visited and every element looked at, and for every 10 bytes of text read or written.
  uint64_t cost = 10'000'000;
  // The longest string or bytes, in bytes, that a step of the evaluation may produce.
  size_t bytes = size_t{1} << 20;
  // The most elements or entries of a list or map that a step of the evaluation may produce.
  size_t elements = 1'000'000;
};

// Expressions longer than this, or nested deeper, are refused when compiled.
inline constexpr size_t kMaxExpressionBytes = size_t{64} << 10;
inline constexpr size_t kMaxExpressionDepth = 250;

// A way from a variable to a part of it: {"steps", "count", "outputs", "words"}.
using Reference = std::vector<std::string>;

struct Compilation;

// An expression, parsed and type-checked. Immutable, thread-safe and cheap to copy. Evaluation is deterministic.
class Program {
 public:
  // The expression's static type; never a more general one than was wanted.
  const Type& type() const;
  const std::string& text() const;

  // Everything that the expression may read of its variables: the longest paths of constant selects, sorted, each
  // once. steps['word-count'] counts as a select and gives the field's name; any other index, and a call, end the
  // path. Variables of macros are not references. Fields of structs have their declared names.
  const std::vector<Reference>& References() const;

  // The value, which agrees with the wanted type, or: kInvalid when the expression fails or passes a limit; whatever
  // error a Struct gave. Messages name the place.
  Result<Value> Evaluate(const Activation& activation, const Limits& limits = {}) const;

  struct Implementation;

 private:
  friend Compilation Compile(std::string_view, const Declarations&, const std::optional<Type>&);
  friend Compilation CompileUnchecked(std::string_view, const Declarations&);
  explicit Program(std::shared_ptr<const Implementation> implementation) : implementation_(std::move(implementation)) {}

  std::shared_ptr<const Implementation> implementation_;
};

// Either a program and no problems, or no program and at least one problem.
struct Compilation {
  std::optional<Program> program{};
  std::vector<Problem> problems{};

  explicit operator bool() const { return program.has_value(); }
};

// Compiles an expression. All its problems are reported at once, in the order of their offsets; a syntax error is
// reported alone. With `wanted`, an expression of another type is a problem; where the type is dyn, Evaluate() checks.
// Safe for text from anybody. Thread-safe.
Compilation Compile(std::string_view text, const Declarations& declarations,
                    const std::optional<Type>& wanted = std::nullopt);

// The same without types: unknown names, unknown functions and wrong types become errors of the evaluation. For tools
// and for the specification's tests.
Compilation CompileUnchecked(std::string_view text, const Declarations& declarations);

}  // namespace coreflow::cel
