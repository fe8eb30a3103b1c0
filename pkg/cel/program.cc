#include "pkg/cel/program.h"

#include "pkg/cel/ast.h"
#include "pkg/cel/checker.h"
#include "pkg/cel/evaluator.h"
#include "pkg/cel/parser.h"
#include "pkg/cel/references.h"
#include "pkg/cel/unify.h"

namespace coreflow::cel {

struct Program::Implementation {
  std::string text;
  ExprPtr root;
  Type type;
  std::optional<Type> to_verify;  // where the static type leaves open whether the value is as wanted
  std::vector<Reference> references;
};

namespace {

struct Prepared {
  std::shared_ptr<const Program::Implementation> implementation{};
  std::vector<Problem> problems{};
};

Prepared Prepare(std::string_view text, const Declarations& declarations, const std::optional<Type>& wanted,
                 bool strict) {
  auto parsed = Parse(text);
  if (auto* problem = std::get_if<Problem>(&parsed)) return {.problems = {std::move(*problem)}};
  ExprPtr root = std::get<ExprPtr>(std::move(parsed));
  Checker checker(text, declarations, strict);
  Type type = checker.Check(*root);
  if (wanted) checker.Want(*wanted, type);
  std::vector<Problem> problems = checker.TakeProblems();
  if (!problems.empty()) return {.problems = std::move(problems)};
  std::vector<Reference> references = CollectReferences(*root);
  Type narrowed = wanted ? Narrow(type, *wanted) : type;
  std::optional<Type> to_verify = narrowed == type ? std::nullopt : std::optional(narrowed);
  return {.implementation = std::make_shared<const Program::Implementation>(
              Program::Implementation{.text = std::string(text),
                                      .root = std::move(root),
                                      .type = std::move(narrowed),
                                      .to_verify = std::move(to_verify),
                                      .references = std::move(references)})};
}

}  // namespace

std::optional<std::chrono::seconds> Activation::ZoneOffset(std::string_view, Timestamp) const { return std::nullopt; }

std::optional<Value> MapActivation::Find(std::string_view name) const {
  auto it = values_.find(name);
  return it == values_.end() ? std::nullopt : std::optional(it->second);
}

const Type& Program::type() const { return implementation_->type; }
const std::string& Program::text() const { return implementation_->text; }
const std::vector<Reference>& Program::References() const { return implementation_->references; }

Result<Value> Program::Evaluate(const Activation& activation, const Limits& limits) const {
  Evaluator evaluator(activation, limits);
  TRY(Value value, evaluator.Run(*implementation_->root));
  if (implementation_->to_verify) TRY_VOID(Fits(value, *implementation_->to_verify, evaluator.meter()));
  return value;
}

Compilation Compile(std::string_view text, const Declarations& declarations, const std::optional<Type>& wanted) {
  Prepared prepared = Prepare(text, declarations, wanted, true);
  if (!prepared.implementation) return {.problems = std::move(prepared.problems)};
  return {.program = Program(std::move(prepared.implementation))};
}

Compilation CompileUnchecked(std::string_view text, const Declarations& declarations) {
  Prepared prepared = Prepare(text, declarations, std::nullopt, false);
  if (!prepared.implementation) return {.problems = std::move(prepared.problems)};
  return {.program = Program(std::move(prepared.implementation))};
}

}  // namespace coreflow::cel
