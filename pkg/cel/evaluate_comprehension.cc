#include "pkg/cel/evaluator.h"
#include "pkg/cel/verdict.h"

namespace coreflow::cel {

Result<Value> Evaluator::EvalNode(const Expr& expr, const Comprehension& comprehension) {
  using enum Comprehension::Macro;
  TRY(Value range, Eval(*comprehension.range));
  Value::Elements keys;
  if (range.Is(Value::Kind::kMap)) {
    TRY_VOID(meter_.Charge(range.AsMap().size()));
    for (const auto& [key, value] : range.AsMap().entries()) keys.push_back(key);
  } else if (!range.Is(Value::Kind::kList)) {
    return Invalid("a list or map is needed, not " + range.TypeName() + " (at offset " + std::to_string(expr.offset) +
                   ")");
  }
  const Value::Elements& elements = range.Is(Value::Kind::kMap) ? keys : range.AsList();
  CHECK(locals_.size() == comprehension.slot, "slots count the macros around");
  locals_.emplace_back();
  auto result = [&]() -> Result<Value> {
    switch (comprehension.macro) {
      case kAll:
      case kExists: return Quantify(comprehension, elements);
      case kExistsOne: return CountOne(comprehension, elements);
      case kMap:
      case kFilter: return Collect(comprehension, elements);
    }
    return Invalid("unknown macro");
  }();
  locals_.pop_back();
  return result;
}

Result<Value> Evaluator::Quantify(const Comprehension& comprehension, const Value::Elements& range) {
  Verdict verdict(comprehension.macro == Comprehension::Macro::kAll);
  for (const Value& element : range) {
    TRY_VOID(meter_.Charge(1));
    locals_[comprehension.slot] = element;
    if (verdict.Add(EvalBool(*comprehension.body))) break;
  }
  return verdict.Get();
}

Result<Value> Evaluator::CountOne(const Comprehension& comprehension, const Value::Elements& range) {
  size_t count = 0;
  for (const Value& element : range) {
    TRY_VOID(meter_.Charge(1));
    locals_[comprehension.slot] = element;
    TRY(bool holds, EvalBool(*comprehension.body));
    count += holds ? 1 : 0;
  }
  return Value::Bool(count == 1);
}

Result<Value> Evaluator::Collect(const Comprehension& comprehension, const Value::Elements& range) {
  bool filters = comprehension.macro == Comprehension::Macro::kFilter;
  const Expr* filter = filters ? comprehension.body.get() : comprehension.filter.get();
  Value::Elements out;
  for (const Value& element : range) {
    TRY_VOID(meter_.Charge(1));
    locals_[comprehension.slot] = element;
    if (filter != nullptr) {
      TRY(bool wanted, EvalBool(*filter));
      if (!wanted) continue;
    }
    TRY_VOID(meter_.CheckElements(out.size() + 1));
    if (filters) {
      out.push_back(element);
      continue;
    }
    TRY(Value value, Eval(*comprehension.body));
    out.push_back(std::move(value));
  }
  return Value::List(std::move(out));
}

}  // namespace coreflow::cel
