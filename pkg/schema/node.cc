#include "pkg/schema/node.h"

namespace coreflow::schema {

std::string_view TypeName(Type type) {
  constexpr std::string_view kNames[] = {"", "object", "array", "string", "integer", "number", "boolean"};
  return kNames[static_cast<size_t>(type)];
}

const Node* MemberOf(const Node* object, std::string_view name) {
  if (object == nullptr) return nullptr;
  auto found = object->properties.find(name);
  return found == object->properties.end() ? object->additional : found->second;
}

}  // namespace coreflow::schema
