#pragma once

#include <variant>
#include <vector>

#include "pkg/engine/action.h"

namespace coreflow::engine {

// The actions of one kind, in their order.
template <typename T>
std::vector<T> Only(const Actions& actions) {
  std::vector<T> found;
  for (const Action& action : actions) {
    if (const T* wanted = std::get_if<T>(&action)) found.push_back(*wanted);
  }
  return found;
}

}  // namespace coreflow::engine
