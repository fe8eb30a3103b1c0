#pragma once

#include "pkg/cel/ast.h"
#include "pkg/cel/functions.h"
#include "pkg/cel/meter.h"
#include "pkg/cel/program.h"

namespace coreflow::cel {

// One evaluation of a checked tree. Used once.
class Evaluator {
 public:
  Evaluator(const Activation& activation, const Limits& limits)
      : activation_(activation), meter_(limits), context_{.meter = meter_, .activation = activation} {}

  Result<Value> Run(const Expr& expr);
  Meter& meter() { return meter_; }

 private:
  Result<Value> Eval(const Expr& expr);
  Result<Value> EvalNode(const Expr& expr, const Literal& literal);
  Result<Value> EvalNode(const Expr& expr, const Name& name);
  Result<Value> EvalNode(const Expr& expr, const Select& select);
  Result<Value> EvalNode(const Expr& expr, const Call& call);
  Result<Value> EvalNode(const Expr& expr, const ListLiteral& list);
  Result<Value> EvalNode(const Expr& expr, const MapLiteral& map);
  Result<Value> EvalNode(const Expr& expr, const Logic& logic);
  Result<Value> EvalNode(const Expr& expr, const Conditional& conditional);
  Result<Value> EvalNode(const Expr& expr, const Comprehension& comprehension);

  Result<Value> Field(const Value& operand, const std::string& field);
  Result<Value> Has(const Value& operand, const std::string& field);
  Result<Value> Dispatch(const Call& call, std::span<const Value> args);
  // evaluate_comprehension.cc
  Result<Value> Quantify(const Comprehension& comprehension, const Value::Elements& range);
  Result<Value> CountOne(const Comprehension& comprehension, const Value::Elements& range);
  Result<Value> Collect(const Comprehension& comprehension, const Value::Elements& range);
  Result<bool> EvalBool(const Expr& expr);

  const Activation& activation_;
  Meter meter_;
  const CallContext context_;
  std::vector<Value> locals_;  // by slot
};

// Whether a value agrees with a type, all its elements included.
Result<void> Fits(const Value& value, const Type& type, Meter& meter);

}  // namespace coreflow::cel
