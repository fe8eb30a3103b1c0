#pragma once

#include "pkg/base/result.h"
#include "pkg/cel/value.h"
#include "pkg/json/value.h"
#include "pkg/schema/node.h"

namespace coreflow::schema {

// A JSON value as CEL rules see it. Objects are read field by field when a rule asks for them, so that a rule costs
// what it looks at. The node, and what is below it, must live as long as the result. kInvalid where the value is not of
// the schema's type. REQUIRES: node.rule_types.
Result<cel::Value> ToRuleValue(const json::Value& value, const Node& node);

}  // namespace coreflow::schema
