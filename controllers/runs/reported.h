#pragma once

#include "controllers/runs/controller.h"
#include "controllers/runs/reports.h"
#include "pkg/base/loop.h"

namespace coreflow::runs {

// The hooks, with which `reports` also hears of what a controller decides and writes. All outlive the controller.
Controller::Hooks Reported(Controller::Hooks hooks, Reports& reports, Loop& loop);

}  // namespace coreflow::runs
