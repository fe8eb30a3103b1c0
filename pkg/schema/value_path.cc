#include "pkg/schema/value_path.h"

namespace coreflow::schema {

std::string ValuePath::Text(bool brackets) const {
  if (IsRoot()) return "";
  std::string text = above_->Text(brackets);
  if (const auto* index = std::get_if<size_t>(&step_)) return text + "[" + std::to_string(*index) + "]";
  const auto* key = std::get_if<Key>(&step_);
  if (key != nullptr && brackets) return text + "[" + std::string(key->name) + "]";
  if (!text.empty()) text += '.';
  return text += key != nullptr ? key->name : std::get<Field>(step_).name;
}

std::string ValuePath::Dotted() const { return Text(false); }

std::string ValuePath::Bracketed() const { return IsRoot() ? "<nil>" : Text(true); }

}  // namespace coreflow::schema
