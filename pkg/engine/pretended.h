#pragma once

#include <functional>
#include <memory>
#include <string>

#include "pkg/engine/courier_setup.h"
#include "pkg/json/value.h"

namespace coreflow::engine {

// For those that only pretend to run pods: rehearsals and simulators.

// Puts outputs that are large into the artifact store, under their SHA-256.
using StoreOutputs = std::function<void(const std::string& text)>;

// The termination message of the step's container when its command has written `outputs`: with coreflow-exec around it,
// what that would say, and all artifacts are there. Their digests follow from the command and its outputs; a kept log
// is empty. Without `store`, large outputs stay in the message.
std::string PretendedMessage(const json::Value& pod, const std::string& outputs, const StoreOutputs& store = {});

// A setup that leads nowhere.
std::shared_ptr<const CourierSetup> PretendedCourier();

}  // namespace coreflow::engine
