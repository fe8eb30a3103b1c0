#pragma once

#include "pkg/scenario/rehearsal.h"

namespace coreflow::rehearsal {

// Runs a workflow with the operator's controllers in a simulated cluster, in virtual time, on this thread. The same
// rehearsal always goes the same way. kInvalid: the cluster's API server refuses the object.
Result<scenario::Rehearsed> Rehearse(const scenario::Rehearsal& rehearsal);

}  // namespace coreflow::rehearsal
