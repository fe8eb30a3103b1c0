#pragma once

#include <string>

#include "pkg/base/dice.h"

namespace coreflow::apiserver {

// A version 4 UUID, as Kubernetes' UIDs look.
std::string Uuid(Dice& dice);

}  // namespace coreflow::apiserver
