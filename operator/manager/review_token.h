#pragma once

#include "pkg/data/readers.h"
#include "pkg/http/transport.h"

namespace coreflow::manager {

// Asks the API server whose a reader's token is, for at most 10 seconds: a TokenReview for artifact::kReaderAudience.
// The operator needs the right to create tokenreviews. The transport outlives it.
data::ReviewToken ReviewBy(http::Transport& transport);

}  // namespace coreflow::manager
