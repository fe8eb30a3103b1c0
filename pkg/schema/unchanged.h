#pragma once

#include "pkg/json/value.h"

namespace coreflow::schema {

// Whether two values are equal. Those that share their content are not looked into.
bool Unchanged(const json::Value& a, const json::Value& b);

// Whether two lists or objects are one and the same, and so surely equal.
bool IsShared(const json::Value& a, const json::Value& b);

}  // namespace coreflow::schema
