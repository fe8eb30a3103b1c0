#pragma once

#include "pkg/compare/difference.h"
#include "pkg/compare/run.h"

namespace coreflow::compare {

// What differs. Of a run that goes on only what has ended there is compared: what it lacks may still come.
Difference Compare(const Run& before, const Run& after);

}  // namespace coreflow::compare
