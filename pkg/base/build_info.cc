#include "pkg/base/build_info.h"

namespace coreflow {

const char* Version() { return COREFLOW_VERSION; }
const char* Revision() { return COREFLOW_REVISION; }

}  // namespace coreflow
