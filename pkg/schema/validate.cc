#include "pkg/schema/validate.h"

#include <algorithm>
#include <array>

namespace coreflow::schema {

namespace {

// After these, a rule could meet values that it was not written for.
bool Blocks(const Cause& cause) {
  constexpr auto kBlocking =
      std::to_array<std::string_view>({"FieldValueNotSupported", "FieldValueRequired", "FieldValueTooLong",
                                       "FieldValueTooMany", "FieldValueTypeInvalid"});
  return std::find(kBlocking.begin(), kBlocking.end(), cause.type) != kBlocking.end();
}

// Once an object has lists with faults, new faults of that kind are let through.
void AddLists(const json::Value& object, const json::Value* old, const Node& root, std::vector<Cause>& causes) {
  std::vector<Cause> found, before;
  ValidateLists(object, old, root, ValuePath(), found);
  if (!found.empty() && old != nullptr) ValidateLists(*old, nullptr, root, ValuePath(), before);
  if (before.empty()) causes.insert(causes.end(), found.begin(), found.end());
}

}  // namespace

std::vector<Cause> Validate(const json::Value& object, const json::Value* old, const Node& root) {
  std::vector<Cause> causes = ValidateValues(object, old, root);
  ValidateEmbedded(object, root, ValuePath(), causes);
  AddLists(object, old, root, causes);
  if (!root.rules_below) return causes;
  if (std::none_of(causes.begin(), causes.end(), Blocks)) {
    ValidateRules(object, old, root, ValuePath(), causes);
  } else {
    causes.push_back(InvalidValue("<nil>", json::Value(),
                                  "some validation rules were not checked because the object was invalid; correct the "
                                  "existing errors to complete validation"));
  }
  return causes;
}

}  // namespace coreflow::schema
