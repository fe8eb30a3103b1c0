#pragma once

#include <string>

#include "pkg/base/testing/dice.h"

namespace coreflow::fakes {

// A version 4 UUID, as Kubernetes' UIDs look.
std::string Uuid(Dice& dice);

}  // namespace coreflow::fakes
