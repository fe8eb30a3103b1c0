#pragma once

#include "pkg/api/reasons.h"
#include "pkg/engine/item.h"
#include "pkg/engine/owner.h"

namespace coreflow::runs {

// How a run that has ended counts: where steps failed, by what failed first. Total: anybody may have written the
// status.
api::ReasonClass ClassOf(const engine::Owner& owner);

// How an attempt or an item that has ended counts. Total, too.
api::ReasonClass ClassOf(const engine::ItemResult& result);

// Whether that is no success, and nobody wanted it so.
bool IsFailure(api::ReasonClass cls);

}  // namespace coreflow::runs
