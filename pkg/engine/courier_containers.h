#pragma once

#include <string>

#include "pkg/base/result.h"
#include "pkg/engine/courier_setup.h"
#include "pkg/engine/filled_step.h"
#include "pkg/json/value.h"

namespace coreflow::engine {

// Where the command of a step with output artifacts writes its outputs; coreflow-exec passes them on.
std::string ExecutedOutputPath();
// What runs that command.
std::string ExecutorPath();

// Adds to the pod of a step with artifacts what brings and takes them: a volume, the courier's containers before all
// others, the mounts of the step's own container `main`, and coreflow-exec around its command.
// `spec` is the pod's, yet without `main`. REQUIRES: the step has a courier. kInvalid when its inputs are more
// artifacts than a process can be told of.
Result<void> AddCourier(const CourierSetup& setup, const FilledStep& filled, const graph::Step& step,
                        const std::string& name_space, const std::string& pod_name, json::Object& spec,
                        json::Object& main);

}  // namespace coreflow::engine
