#include "pkg/cel/macros.h"

#include <optional>

namespace coreflow::cel {

namespace {

using Macro = Comprehension::Macro;

std::optional<Macro> MacroNamed(std::string_view function) {
  if (function == "all") return Macro::kAll;
  if (function == "exists") return Macro::kExists;
  if (function == "exists_one" || function == "existsOne") return Macro::kExistsOne;
  if (function == "map") return Macro::kMap;
  if (function == "filter") return Macro::kFilter;
  return std::nullopt;
}

Result<Node> Has(std::vector<ExprPtr> args) {
  auto* select = std::get_if<Select>(&args[0]->node);
  if (select == nullptr || select->has) return Error{Code::kInvalid, "has() asks for a field: write has(a.b)"};
  select->has = true;
  return std::move(args[0]->node);
}

}  // namespace

Result<Node> ExpandMacro(std::string_view function, bool member, std::vector<ExprPtr> args) {
  if (!member && function == "has" && args.size() == 1) return Has(std::move(args));
  auto macro = member ? MacroNamed(function) : std::nullopt;
  bool filtered = macro == Macro::kMap && args.size() == 4;
  if (!macro || (args.size() != 3 && !filtered)) {
    return Node(Call{.function = std::string(function), .member = member, .args = std::move(args)});
  }
  auto* variable = std::get_if<Name>(&args[1]->node);
  if (variable == nullptr || variable->global) {
    return Error{Code::kInvalid, "the first argument of " + std::string(function) +
                                     "() names its variable: write list." + std::string(function) + "(x, …)"};
  }
  Comprehension comprehension{.macro = *macro, .variable = variable->name, .range = std::move(args[0])};
  if (filtered) comprehension.filter = std::move(args[2]);
  comprehension.body = std::move(args.back());
  return Node(std::move(comprehension));
}

}  // namespace coreflow::cel
