#include "pkg/schema/rules.h"

#include <algorithm>
#include <unordered_map>

#include "pkg/schema/optional_old_self.h"
#include "pkg/schema/rule_types.h"

namespace coreflow::schema {

namespace {

std::string Trimmed(const std::string& text) {
  constexpr const char* kSpace = " \t\r\n\v\f";
  size_t begin = text.find_first_not_of(kSpace);
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(kSpace) + 1 - begin);
}

// ".spec.name" as "spec.name", ".labels['a.b']" as "labels[a.b]".
std::string NormalizeFieldPath(const std::string& path) {
  std::string out;
  for (size_t i = 0; i < path.size();) {
    size_t quoted = path.compare(i, 2, "['") == 0 ? path.find("']", i) : std::string::npos;
    if (quoted != std::string::npos) {
      out += "[" + path.substr(i + 2, quoted - i - 2) + "]";
      i = quoted + 2;
    } else {
      if (path[i] != '.' || !out.empty()) out += path[i];
      ++i;
    }
  }
  return out;
}

bool ReadsOld(const cel::Program& program) {
  const auto& references = program.References();
  return std::any_of(references.begin(), references.end(), [](const cel::Reference& reference) {
    return reference[0] == "oldSelf" || reference[0] == kHasOldSelf || reference[0] == kOldSelfValue;
  });
}

class RuleCompiler {
 public:
  explicit RuleCompiler(Nodes& nodes) : nodes_(nodes) {
    for (Node& node : nodes.all) own_.emplace(&node, &node);
  }

  void Compile(const Node& root) {
    RuleTyper(nodes_, [this](const Node* node) -> Node& { return *own_.at(node); }).Visit(root, "object", true);
    Visit(root, root, "");
  }
  const std::string& problems() const { return problems_; }

 private:
  // `node` says the rules, `seen_as` what self is: the same but within allOf.
  void Visit(const Node& node, const Node& seen_as, const std::string& path) {
    CompileNode(node, seen_as, path);
    for (const auto& [name, child] : node.properties) {
      auto seen = seen_as.properties.find(name);
      std::string below = path + ".properties.";
      if (seen != seen_as.properties.end()) VisitChild(node, *child, *seen->second, below += name);
    }
    if (node.additional != nullptr && seen_as.additional != nullptr) {
      VisitChild(node, *node.additional, *seen_as.additional, path + ".additionalProperties");
    }
    if (node.items != nullptr && seen_as.items != nullptr) {
      VisitChild(node, *node.items, *seen_as.items, path + ".items");
    }
    for (const Node* one : node.all_of) VisitChild(node, *one, seen_as, path + ".allOf");
  }

  void VisitChild(const Node& node, const Node& child, const Node& seen_as, const std::string& path) {
    Visit(child, seen_as, path);
    Node& parent = *own_.at(&node);
    parent.rules_below |= child.rules_below;
    parent.old_rules_below |= child.old_rules_below;
  }

  void CompileNode(const Node& node, const Node& seen_as, const std::string& path) {
    const json::Array& said = node.validations.Elements();
    if (said.empty()) return;
    if (seen_as.rule_types == nullptr) return Report(path, "rules need a type that they can see");
    auto set = std::make_shared<RuleSet>();
    set->seen_as = &seen_as;
    Node& mine = *own_.at(&node);
    for (size_t i = 0; i < said.size(); ++i) {
      auto rule =
          CompileRule(said[i], seen_as.rule_types->type, path + ".x-kubernetes-validations[" + std::to_string(i) + "]");
      if (!rule) continue;
      mine.old_rules_below |= rule->reads_old;
      set->rules.push_back(*std::move(rule));
    }
    mine.rules_below = true;
    mine.rules = std::move(set);
  }

  std::optional<Rule> CompileRule(const json::Value& said, const cel::Type& self, const std::string& path) {
    bool optional_old = said["optionalOldSelf"].BoolOr(false);
    cel::Declarations declarations;
    declarations.Add("self", self);
    if (optional_old) {
      declarations.Add(std::string(kHasOldSelf), cel::Type::Bool()).Add(std::string(kOldSelfValue), self);
    } else {
      declarations.Add("oldSelf", self);
    }
    auto compile = [&](const char* member, const cel::Type& type) {
      std::string text = said[member].StringOr("");
      auto compiled = cel::Compile(optional_old ? RewriteOptionalOldSelf(text) : text, declarations, type);
      if (!compiled) Report(path + "." + member, "compilation failed: " + compiled.problems[0].message);
      return compiled.program;
    };
    auto program = compile("rule", cel::Type::Bool());
    if (!program) return std::nullopt;
    std::optional<cel::Program> message_program;
    if (said["messageExpression"].IsString()) message_program = compile("messageExpression", cel::Type::String());
    return Rule{.program = *program,
                .message_program = std::move(message_program),
                .text = Trimmed(said["rule"].StringOr("")),
                .message = Trimmed(said["message"].StringOr("")),
                .reason = said["reason"].StringOr(""),
                .field_path = NormalizeFieldPath(said["fieldPath"].StringOr("")),
                .reads_old = ReadsOld(*program),
                .optional_old = optional_old};
  }

  void Report(const std::string& path, const std::string& what) {
    problems_ += (problems_.empty() ? "" : "; ") + (path.empty() ? "schema" : path.substr(1)) + ": " + what;
  }

  Nodes& nodes_;
  std::unordered_map<const Node*, Node*> own_;
  std::string problems_;
};

}  // namespace

Result<void> CompileRules(Nodes& nodes, const Node& root) {
  auto has_rules = [](const Node& node) { return !node.validations.Elements().empty(); };
  if (std::none_of(nodes.all.begin(), nodes.all.end(), has_rules)) return {};
  RuleCompiler compiler(nodes);
  compiler.Compile(root);
  if (!compiler.problems().empty()) return Error{Code::kInvalid, compiler.problems()};
  return {};
}

}  // namespace coreflow::schema
