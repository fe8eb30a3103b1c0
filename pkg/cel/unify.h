#pragma once

#include <map>
#include <string>

#include "pkg/cel/type.h"

namespace coreflow::cel {

// Whether a value of one type may stand where the other is wanted: the same type, dyn on either side (also inside
// lists and maps), or null for a struct, duration or timestamp. Neither has type parameters.
bool Agree(const Type& a, const Type& b);

// The type of something that is of either type: equal types stay, anything else becomes dyn.
Type Join(const Type& a, const Type& b);

// The more exact of two types that agree: dyn gives way to the other, also inside lists and maps.
Type Narrow(const Type& a, const Type& b);

// What the type parameters of a signature stand for in one call.
using TypeBindings = std::map<std::string, Type, std::less<>>;

// Whether an argument fits a parameter of a signature; binds the parameter's type parameters.
bool Bind(const Type& parameter, const Type& argument, TypeBindings& bindings);

// The type with its type parameters replaced; unbound ones become dyn.
Type Substitute(const Type& type, const TypeBindings& bindings);

}  // namespace coreflow::cel
