#pragma once

#include "pkg/base/result.h"
#include "pkg/patch/field_set.h"

namespace coreflow::patch {

// An element from fieldsV1, in the form that this library writes, so that equal elements are equal texts. Empty for one
// of a kind that is not known; kInvalid for what is none.
Result<PathElement> ReadElement(std::string_view text);

// ".name", "[name=\"a\"]", "[=\"x\"]", "[0]".
std::string ShowElement(const PathElement& element);

}  // namespace coreflow::patch
