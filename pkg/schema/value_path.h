#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace coreflow::schema {

// The way to a part of an object, as links from the part to the top: costs nothing until somebody asks for its text.
// Refers to the path above and to names; lives on the stack of a walk.
class ValuePath {
 public:
  struct Field {  // a member that the schema names
    std::string_view name;
  };
  struct Key {  // a member under additionalProperties
    std::string_view name;
  };

  ValuePath() = default;
  ValuePath(const ValuePath& above, Field field) : above_(&above), step_(field) {}
  ValuePath(const ValuePath& above, Key key) : above_(&above), step_(key) {}
  ValuePath(const ValuePath& above, size_t index) : above_(&above), step_(index) {}

  bool IsRoot() const { return above_ == nullptr; }

  // "spec.labels.app", "spec.steps[0]"; empty for the top. As types and lengths are reported.
  std::string Dotted() const;
  // "spec.labels[app]", "spec.steps[0]"; "<nil>" for the top. As everything else is reported.
  std::string Bracketed() const;

 private:
  std::string Text(bool brackets) const;

  const ValuePath* above_ = nullptr;
  std::variant<size_t, Field, Key> step_{};
};

}  // namespace coreflow::schema
