#include "pkg/cel/references.h"

#include <algorithm>
#include <optional>

#include "pkg/base/overloaded.h"

namespace coreflow::cel {

namespace {

// The field that a node reads of its operand by a constant name: a.b or a['b'].
struct Step {
  const Expr* operand;
  const std::string* field;
};

std::optional<Step> ConstantStep(const Expr& expr) {
  if (auto* select = std::get_if<Select>(&expr.node)) return Step{select->operand.get(), &select->field};
  auto* call = std::get_if<Call>(&expr.node);
  if (call == nullptr || call->function != "_[_]" || call->args.size() != 2) return std::nullopt;
  auto* literal = std::get_if<Literal>(&call->args[1]->node);
  if (literal == nullptr || !literal->value.Is(Value::Kind::kString)) return std::nullopt;
  return Step{call->args[0].get(), &literal->value.AsString()};
}

class Collector {
 public:
  void Visit(const Expr& expr) {
    Reference path;
    const Expr* at = &expr;
    while (auto step = ConstantStep(*at)) {
      path.push_back(*step->field);
      at = step->operand;
    }
    auto* name = std::get_if<Name>(&at->node);
    if (name == nullptr) return VisitChildren(*at);
    if (name->slot || name->type_value) return;
    path.push_back(name->name);
    std::reverse(path.begin(), path.end());
    found_.push_back(std::move(path));
  }

  std::vector<Reference> Take() {
    std::sort(found_.begin(), found_.end());
    found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
    return std::move(found_);
  }

 private:
  void VisitAll(const std::vector<ExprPtr>& children) {
    for (const ExprPtr& child : children) Visit(*child);
  }

  void VisitChildren(const Expr& expr) {
    std::visit(overloaded{
                   [](const Literal&) {},
                   [](const Name&) {},
                   [&](const Select& select) { Visit(*select.operand); },
                   [&](const Call& call) { VisitAll(call.args); },
                   [&](const ListLiteral& list) { VisitAll(list.elements); },
                   [&](const MapLiteral& map) {
                     for (const auto& [key, value] : map.entries) {
                       Visit(*key);
                       Visit(*value);
                     }
                   },
                   [&](const Logic& logic) { VisitAll(logic.terms); },
                   [&](const Conditional& conditional) {
                     Visit(*conditional.condition);
                     Visit(*conditional.yes);
                     Visit(*conditional.no);
                   },
                   [&](const Comprehension& comprehension) {
                     Visit(*comprehension.range);
                     if (comprehension.filter) Visit(*comprehension.filter);
                     Visit(*comprehension.body);
                   },
               },
               expr.node);
  }

  std::vector<Reference> found_;
};

}  // namespace

std::vector<Reference> CollectReferences(const Expr& expr) {
  Collector collector;
  collector.Visit(expr);
  return collector.Take();
}

}  // namespace coreflow::cel
