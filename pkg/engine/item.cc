#include "pkg/engine/item.h"

namespace coreflow::engine {

const char* StateName(State state) {
  constexpr const char* kNames[kStates] = {"Pending", "Running", "Retrying", "Succeeded",
                                           "Failed",  "Skipped", "Omitted",  "Stopped"};
  return kNames[static_cast<int>(state)];
}

std::optional<State> ParseEndState(const std::string& name) {
  for (State state : {State::kSucceeded, State::kFailed, State::kSkipped, State::kOmitted, State::kStopped}) {
    if (name == StateName(state)) return state;
  }
  return std::nullopt;
}

}  // namespace coreflow::engine
