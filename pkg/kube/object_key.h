#pragma once

#include <compare>
#include <ostream>
#include <string>

namespace coreflow::kube {

// Where an object of a resource is found. `ns` is empty for resources without namespaces.
struct ObjectKey {
  std::string ns = {};
  std::string name = {};

  auto operator<=>(const ObjectKey&) const = default;
};

// Prints "namespace/name", or "name".
inline void PrintTo(const ObjectKey& key, std::ostream* out) {
  if (!key.ns.empty()) *out << key.ns << '/';
  *out << key.name;
}

// Which object bears the name, and in which state it was seen.
struct ObjectVersion {
  std::string uid = {};
  std::string resource_version = {};

  bool operator==(const ObjectVersion&) const = default;
};

inline void PrintTo(const ObjectVersion& version, std::ostream* out) {
  *out << version.uid << '@' << version.resource_version;
}

}  // namespace coreflow::kube
