#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/cel/meter.h"
#include "pkg/cel/program.h"
#include "pkg/cel/type.h"
#include "pkg/cel/value.h"

namespace coreflow::cel {

class Regex;

// What a function sees of the evaluation that calls it. The call itself, and the text among its arguments, are paid
// for already; what a function produces or iterates over it charges to the meter.
struct CallContext {
  Meter& meter;
  const Activation& activation;
};

using Implementation = Result<Value> (*)(const CallContext& context, std::span<const Value> args);

// One signature of a function. Operators are functions: "_+_", "_[_]", "!_", "@in".
struct Overload {
  std::string function{};
  bool member = false;             // called as args[0].function(args[1], …)
  std::vector<Type> parameters{};  // may have type parameters
  Type result{};
  Implementation run = nullptr;
  // Chosen only where a static type is dyn: [1, 2][dyn(1u)] is allowed, [1, 2][1u] is not.
  bool dynamic_only = false;

  // Whether values of these kinds may be passed; type parameters and dyn take anything.
  bool Takes(std::span<const Value> args) const;
};

// All functions of the language. Immutable and thread-safe once built.
class Functions {
 public:
  static const Functions& Standard();

  // Every signature of that name, as function or as member; empty when there is none.
  const std::vector<Overload>& Find(std::string_view name) const;
  std::vector<std::string_view> Names() const;

  // For the families below.
  void Function(std::string name, std::vector<Type> parameters, Type result, Implementation run);
  void Member(std::string name, std::vector<Type> parameters, Type result, Implementation run);
  void Dynamic(std::string name, std::vector<Type> parameters, Type result, Implementation run);

 private:
  Functions();
  std::map<std::string, std::vector<Overload>, std::less<>> overloads_;
};

void AddArithmetic(Functions& functions);
void AddComparisons(Functions& functions);
void AddContainers(Functions& functions);
void AddConversions(Functions& functions);
void AddStrings(Functions& functions);
void AddStringExtension(Functions& functions);
void AddFormat(Functions& functions);
void AddRegex(Functions& functions);
void AddTimes(Functions& functions);
void AddLists(Functions& functions);
void AddQuantities(Functions& functions);

// matches() with a pattern that is compiled already.
Result<Value> MatchRegex(const CallContext& context, const Regex& regex, std::string_view text);

// Whether a function is an operator, such as "_+_", rather than something that is called.
bool IsOperator(std::string_view function);

// As people write it: "+", "in", "[]", "size()".
std::string DisplayName(std::string_view function);

// An error of an expression: kInvalid.
inline Error Invalid(std::string message) { return Error{Code::kInvalid, std::move(message)}; }

}  // namespace coreflow::cel
