#include "pkg/schema/unchanged.h"

#include <algorithm>

namespace coreflow::schema {

bool IsShared(const json::Value& a, const json::Value& b) {
  if (a.IsArray() && b.IsArray()) return &a.AsArray() == &b.AsArray();
  return a.IsObject() && b.IsObject() && &a.AsObject() == &b.AsObject();
}

bool Unchanged(const json::Value& a, const json::Value& b) {
  if (a.IsArray() && b.IsArray()) {
    const json::Array &left = a.AsArray(), &right = b.AsArray();
    return &left == &right || std::equal(left.begin(), left.end(), right.begin(), right.end(), Unchanged);
  }
  if (a.IsObject() && b.IsObject()) {
    const json::Object &left = a.AsObject(), &right = b.AsObject();
    auto same = [](const auto& one, const auto& other) {
      return one.first == other.first && Unchanged(one.second, other.second);
    };
    return &left == &right ||
           (left.size() == right.size() && std::equal(left.begin(), left.end(), right.begin(), same));
  }
  if (a.IsNumber() && b.IsNumber()) return a.IsInt() == b.IsInt() ? a == b : a.AsDouble() == b.AsDouble();
  return a == b;
}

}  // namespace coreflow::schema
