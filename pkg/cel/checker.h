#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pkg/cel/ast.h"
#include "pkg/cel/declarations.h"
#include "pkg/cel/functions.h"
#include "pkg/cel/program.h"

namespace coreflow::cel {

// Gives every node of a tree its static type, resolves names and overloads, and collects what is wrong. After a
// problem a node counts as dyn, so that one mistake is reported once.
class Checker {
 public:
  // Not strict: no problem is reported; what is wrong is left to evaluation.
  Checker(std::string_view text, const Declarations& declarations, bool strict)
      : text_(text), declarations_(declarations), strict_(strict) {}

  Type Check(Expr& expr);
  // Reports a problem unless the type agrees with the wanted one.
  void Want(const Type& wanted, const Type& type);
  // In the order of their offsets, each once.
  std::vector<Problem> TakeProblems();

 private:
  struct Local {
    std::string name;
    Type type;
  };
  struct Range {
    size_t begin;
    size_t end;
  };

  Type CheckNode(Expr& expr, Literal& literal);
  Type CheckNode(Expr& expr, Name& name);
  Type CheckNode(Expr& expr, Select& select);
  Type CheckNode(Expr& expr, Call& call);
  Type CheckNode(Expr& expr, ListLiteral& list);
  Type CheckNode(Expr& expr, MapLiteral& map);
  Type CheckNode(Expr& expr, Logic& logic);
  Type CheckNode(Expr& expr, Conditional& conditional);
  Type CheckNode(Expr& expr, Comprehension& comprehension);

  // check_name.cc
  bool BecomeDottedName(Expr& expr);
  bool Resolve(Expr& expr, Name& name, Type& type);
  Type SelectFrom(const Expr& operand, const Type& type, std::string& field, size_t offset);
  void ReportUnknownName(const Expr& expr, const Name& name);
  void ReportUnknownField(const Expr& operand, const Type& type, const std::string& field, size_t offset);
  bool ReportDashedField(const Expr& operand, const Type& type, const std::string& field, size_t offset);
  std::string AfterDashes(size_t offset, const std::string& name) const;

  // check_call.cc
  Type CheckStructIndex(Expr& expr, Call& call, const Type& type);
  Type ResolveOverloads(const Expr& expr, Call& call, const std::vector<Type>& types);
  void ReportNoOverload(const Expr& expr, const Call& call, const std::vector<Type>& types);
  void ReportUnknownFunction(const Expr& expr, const Call& call);
  void CompilePattern(Call& call);

  void WantBool(Expr& expr, const char* where);
  void Report(size_t offset, std::string message);

  const std::string_view text_;
  const Declarations& declarations_;
  const bool strict_;
  std::vector<Local> locals_;  // variables of the macros around the node
  std::vector<Problem> problems_;
  std::vector<Range> explained_;  // of the text: names there were reported with what stands before them
};

// "steps.count" for a chain of names; empty for any other expression.
std::string PathText(const Expr& expr);

}  // namespace coreflow::cel
