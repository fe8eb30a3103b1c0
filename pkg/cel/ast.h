#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "pkg/cel/type.h"
#include "pkg/cel/value.h"

// The tree of an expression. The parser builds it; the checker fills in what the fields marked "by the checker" say
// and may rewrite a node (steps['word-count'] becomes a Select); after that it never changes.
namespace coreflow::cel {

struct Expr;
struct Overload;  // functions.h
class Regex;      // regex.h
using ExprPtr = std::unique_ptr<Expr>;

struct Literal {
  Value value;
};

// A variable, a variable of a macro, or the name of a type.
struct Name {
  std::string name{};                 // dotted where the checker joined selects to one variable's name
  bool global = false;                // written ".name": never a variable of a macro
  std::optional<size_t> slot{};       // by the checker: the macro's variable, counted from the outermost macro
  std::optional<Value> type_value{};  // by the checker: the name is that of a type
};

// operand.field, or has(operand.field).
struct Select {
  ExprPtr operand{};
  std::string field{};
  bool has = false;
};

// Operators too: "_+_", "_[_]", "!_". The target of a member call is args[0].
struct Call {
  std::string function{};
  bool member = false;
  std::vector<ExprPtr> args{};
  std::vector<const Overload*> overloads{};  // by the checker: those that the static types allow
  std::shared_ptr<const Regex> regex{};      // by the checker: the pattern of matches(), when it is constant
};

struct ListLiteral {
  std::vector<ExprPtr> elements{};
};

struct MapLiteral {
  std::vector<std::pair<ExprPtr, ExprPtr>> entries{};
};

// a && b && c as one node, so that long chains do not count as deep.
struct Logic {
  bool conjunction = true;
  std::vector<ExprPtr> terms{};
};

struct Conditional {
  ExprPtr condition{};
  ExprPtr yes{};
  ExprPtr no{};
};

// range.macro(variable, [filter,] body)
struct Comprehension {
  enum class Macro { kAll, kExists, kExistsOne, kMap, kFilter };
  Macro macro = Macro::kAll;
  std::string variable{};
  size_t slot = 0;  // by the checker
  ExprPtr range{};
  ExprPtr filter{};  // of map() with three arguments; else null
  ExprPtr body{};
};

using Node = std::variant<Literal, Name, Select, Call, ListLiteral, MapLiteral, Logic, Conditional, Comprehension>;

struct Expr {
  Node node;
  size_t offset = 0;  // where problems with it are shown: the operator, the field's name, or its first byte
  size_t depth = 1;   // of the tree below it
};

}  // namespace coreflow::cel
