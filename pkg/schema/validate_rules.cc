#include "pkg/cel/program.h"
#include "pkg/schema/correlate.h"
#include "pkg/schema/optional_old_self.h"
#include "pkg/schema/rule_values.h"
#include "pkg/schema/rules.h"
#include "pkg/schema/unchanged.h"
#include "pkg/schema/validate.h"

namespace coreflow::schema {

namespace {

constexpr size_t kLongestMessage = 5120;

// self and oldSelf, converted when a rule asks for them.
class Selves : public cel::Activation {
 public:
  Selves(const json::Value& self, const json::Value* old, const Node& seen_as)
      : self_(self), old_(old), seen_as_(seen_as) {}

  std::optional<cel::Value> Find(std::string_view name) const override {
    if (name == "self") return Convert(self_);
    if (name == kHasOldSelf) return cel::Value::Bool(old_ != nullptr);
    if (old_ != nullptr && (name == "oldSelf" || name == kOldSelfValue)) return Convert(*old_);
    return std::nullopt;
  }

 private:
  std::optional<cel::Value> Convert(const json::Value& value) const {
    auto converted = ToRuleValue(value, seen_as_);
    return converted ? std::optional(*converted) : std::nullopt;
  }

  const json::Value& self_;
  const json::Value* const old_;
  const Node& seen_as_;
};

// What a broken rule says: its messageExpression if that gives a line of text, else its message.
std::string MessageOf(const Rule& rule, const cel::Activation& selves) {
  if (rule.message_program) {
    auto text = rule.message_program->Evaluate(selves);
    if (text && text->Is(cel::Value::Kind::kString)) {
      std::string message = text->AsString();
      message.erase(0, message.find_first_not_of(" \t\r\n"));
      message.erase(message.find_last_not_of(" \t\r\n") + 1);
      if (!message.empty() && message.size() <= kLongestMessage && message.find('\n') == std::string::npos) {
        return message;
      }
    }
  }
  return rule.message.empty() ? "failed rule: " + rule.text : rule.message;
}

Cause Broken(const Rule& rule, std::string field, const std::string& type, const std::string& message) {
  if (!rule.field_path.empty()) {
    bool top = field == "<nil>";
    if (top) field.clear();
    if (!top && rule.field_path[0] != '[') field += '.';
    field += rule.field_path;
  }
  if (rule.reason == "FieldValueForbidden") return ForbiddenValue(std::move(field), message);
  if (rule.reason == "FieldValueRequired") return RequiredValue(std::move(field), message);
  if (rule.reason == "FieldValueDuplicate") return DuplicateValue(std::move(field), type);
  return InvalidValue(std::move(field), type, message);
}

void RunRules(const json::Value& value, const json::Value* old, const Node& node, const ValuePath& path,
              std::vector<Cause>& causes) {
  if (node.rules == nullptr) return;
  const Node& seen_as = *node.rules->seen_as;
  const std::string type(seen_as.int_or_string ? "" : TypeName(seen_as.type));
  const Selves selves(value, old, seen_as);
  const bool unchanged = old != nullptr && Unchanged(value, *old);
  for (const Rule& rule : node.rules->rules) {
    if (rule.reads_old ? old == nullptr && !rule.optional_old : unchanged) continue;
    auto holds = rule.program.Evaluate(selves);
    if (!holds) {
      const std::string& said = rule.message.empty() ? rule.text : rule.message;
      causes.push_back(InvalidValue(path.Bracketed(), type, holds.error().message + " evaluating rule: " + said));
    } else if (!holds->AsBool()) {
      causes.push_back(Broken(rule, path.Bracketed(), type, MessageOf(rule, selves)));
    }
  }
}

}  // namespace

void ValidateRules(const json::Value& value, const json::Value* old, const Node& node, const ValuePath& path,
                   std::vector<Cause>& causes) {
  if (!node.rules_below || value.IsNull()) return;
  if (old != nullptr && old->IsNull()) old = nullptr;
  if (old != nullptr && !node.old_rules_below && Unchanged(value, *old)) return;
  RunRules(value, old, node, path, causes);
  for (const Node* one : node.all_of) ValidateRules(value, old, *one, path, causes);
  for (const auto& [name, member] : value.Members()) {
    const json::Value* before = old == nullptr ? nullptr : old->Find(name);
    auto property = node.properties.find(name);
    if (property != node.properties.end()) {
      ValidateRules(member, before, *property->second, ValuePath(path, ValuePath::Field{name}), causes);
    } else if (node.additional != nullptr) {
      ValidateRules(member, before, *node.additional, ValuePath(path, ValuePath::Key{name}), causes);
    }
  }
  if (node.items == nullptr || !value.IsArray()) return;
  OldItems old_items(node, old);
  for (size_t i = 0; i < value.AsArray().size(); ++i) {
    const json::Value& item = value.AsArray()[i];
    ValidateRules(item, old_items.Find(item), *node.items, ValuePath(path, i), causes);
  }
}

}  // namespace coreflow::schema
