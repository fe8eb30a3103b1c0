#pragma once

#include <functional>
#include <utility>

namespace coreflow::runs {

// Makes a hook do `first`, and then whatever it did.
template <typename... Arguments, typename First>
void Prepend(std::function<void(Arguments...)>& hook, First first) {
  hook = [first = std::move(first), next = std::move(hook)](Arguments... arguments) {
    first(arguments...);
    if (next) next(arguments...);
  };
}

}  // namespace coreflow::runs
