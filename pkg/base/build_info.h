#pragma once

namespace coreflow {

// The version of the sources, from the file VERSION: "0.1.0".
const char* Version();

// The commit that they were built from, or "unknown": CMake's COREFLOW_REVISION.
const char* Revision();

}  // namespace coreflow
