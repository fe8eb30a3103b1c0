#pragma once

#include "pkg/json/value.h"
#include "pkg/schema/node.h"

namespace coreflow::schema {

// As Schema::Default.
json::Value Default(const json::Value& value, const Node& root);

}  // namespace coreflow::schema
