#pragma once

#include <memory>
#include <string>

#include "pkg/engine/courier_setup.h"
#include "pkg/json/value.h"

namespace coreflow::engine {

// For those that only pretend to run pods: rehearsals and simulators.

// The termination message of the step's container when its command has written `outputs`: with coreflow-exec around it,
// what that would say, and all artifacts are there. Their digests follow from the command and its outputs.
std::string PretendedMessage(const json::Value& pod, const std::string& outputs);

// A setup that leads nowhere.
std::shared_ptr<const CourierSetup> PretendedCourier();

}  // namespace coreflow::engine
