#include "pkg/json/shaped.h"

#include <utility>

namespace coreflow::json {

namespace {

bool IsWhole(const Shape& shape) { return shape.read == Shape::Read::kAll && shape.members.empty(); }

Value OnlyNamed(const Object& members, const Shape& shape) {
  Object kept;
  for (const Shape& inner : shape.members) {
    if (inner.read == Shape::Read::kNothing) continue;
    const auto found = members.find(inner.name);
    if (found != members.end()) kept.emplace(found->first, Shaped(found->second, inner));
  }
  return kept;
}

Value AllButNamed(const Value& value, const Shape& shape) {
  Object kept = value.AsObject();
  bool same = true;
  for (const Shape& inner : shape.members) {
    const auto found = kept.find(inner.name);
    if (found == kept.end()) continue;
    same = false;
    if (inner.read == Shape::Read::kNothing) {
      kept.erase(found);
    } else {
      found->second = Shaped(found->second, inner);
    }
  }
  return same ? value : Value(std::move(kept));
}

}  // namespace

Value Shaped(const Value& value, const Shape& shape) {
  if (IsWhole(shape)) return value;
  if (value.IsArray()) {
    Array elements;
    elements.reserve(value.AsArray().size());
    for (const Value& element : value.AsArray()) elements.push_back(Shaped(element, shape));
    return elements;
  }
  if (!value.IsObject()) return value;
  return shape.read == Shape::Read::kNamed ? OnlyNamed(value.AsObject(), shape) : AllButNamed(value, shape);
}

}  // namespace coreflow::json
