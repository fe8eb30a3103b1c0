#pragma once

namespace coreflow {

// One visitor from several lambdas: std::visit(overloaded{[](A) {…}, [](B) {…}}, variant). Give it no catch-all,
// so that a new alternative does not compile until every visitor knows it.
template <typename... Ts>
struct overloaded : Ts... {
  using Ts::operator()...;
};
template <typename... Ts>
overloaded(Ts...) -> overloaded<Ts...>;

}  // namespace coreflow
