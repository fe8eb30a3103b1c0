#include "pkg/cel/unify.h"

namespace coreflow::cel {

namespace {
bool TakesNull(const Type& type) {
  return type.Is(Type::Kind::kStruct) || type.Is(Type::Kind::kDuration) || type.Is(Type::Kind::kTimestamp);
}
}  // namespace

bool Agree(const Type& a, const Type& b) {
  if (a.IsDyn() || b.IsDyn()) return true;
  if (a.Is(Type::Kind::kNull) && TakesNull(b)) return true;
  if (b.Is(Type::Kind::kNull) && TakesNull(a)) return true;
  if (a.kind() != b.kind()) return false;
  if (a.Is(Type::Kind::kList) || a.Is(Type::Kind::kMap))
    return Agree(a.key(), b.key()) && Agree(a.element(), b.element());
  return a == b;
}

Type Join(const Type& a, const Type& b) {
  if (a == b) return a;
  if (a.Is(Type::Kind::kList) && b.Is(Type::Kind::kList)) return Type::List(Join(a.element(), b.element()));
  if (a.Is(Type::Kind::kMap) && b.Is(Type::Kind::kMap)) {
    return Type::Map(Join(a.key(), b.key()), Join(a.element(), b.element()));
  }
  return Type::Dyn();
}

Type Narrow(const Type& a, const Type& b) {
  if (a.IsDyn()) return b;
  if (b.IsDyn() || a == b) return a;
  if (a.Is(Type::Kind::kList) && b.Is(Type::Kind::kList)) return Type::List(Narrow(a.element(), b.element()));
  if (a.Is(Type::Kind::kMap) && b.Is(Type::Kind::kMap)) {
    return Type::Map(Narrow(a.key(), b.key()), Narrow(a.element(), b.element()));
  }
  return a;
}

bool Bind(const Type& parameter, const Type& argument, TypeBindings& bindings) {
  if (parameter.Is(Type::Kind::kParameter)) {
    auto [it, is_new] = bindings.emplace(parameter.name(), argument);
    if (is_new) return true;
    if (!Agree(it->second, argument)) return false;
    it->second = Join(it->second, argument);
    return true;
  }
  if (argument.IsDyn()) return true;
  bool container = parameter.Is(Type::Kind::kList) || parameter.Is(Type::Kind::kMap);
  if (!container || parameter.kind() != argument.kind()) return Agree(parameter, argument);
  return Bind(parameter.key(), argument.key(), bindings) && Bind(parameter.element(), argument.element(), bindings);
}

Type Substitute(const Type& type, const TypeBindings& bindings) {
  switch (type.kind()) {
    case Type::Kind::kParameter: {
      auto it = bindings.find(type.name());
      return it == bindings.end() ? Type::Dyn() : it->second;
    }
    case Type::Kind::kList: return Type::List(Substitute(type.element(), bindings));
    case Type::Kind::kMap: return Type::Map(Substitute(type.key(), bindings), Substitute(type.element(), bindings));
    default: return type;
  }
}

}  // namespace coreflow::cel
