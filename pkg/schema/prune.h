#pragma once

#include "pkg/json/value.h"
#include "pkg/schema/node.h"
#include "pkg/schema/schema.h"

namespace coreflow::schema {

// As Schema::Prune.
Pruned Prune(const json::Value& object, const Node& root);

}  // namespace coreflow::schema
