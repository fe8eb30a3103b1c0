#pragma once

#include <vector>

#include "pkg/json/value.h"
#include "pkg/schema/cause.h"
#include "pkg/schema/node.h"
#include "pkg/schema/value_path.h"

// The parts of Schema::Validate, in the order in which they run.
namespace coreflow::schema {

// All of them. As Schema::Validate.
std::vector<Cause> Validate(const json::Value& object, const json::Value* old, const Node& root);

// Types, lengths, numbers, required members, anyOf and the like.
std::vector<Cause> ValidateValues(const json::Value& object, const json::Value* old, const Node& root);

// Embedded resources say what they are.
void ValidateEmbedded(const json::Value& value, const Node& node, const ValuePath& path, std::vector<Cause>& causes);

// Elements of sets, and keys of lists of type map, stand once. Parts that are shared with `old` (nullptr: none) are not
// looked at.
void ValidateLists(const json::Value& value, const json::Value* old, const Node& node, const ValuePath& path,
                   std::vector<Cause>& causes);

// x-kubernetes-validations. REQUIRES: ValidateValues found nothing that makes values other than the rules expect.
void ValidateRules(const json::Value& value, const json::Value* old, const Node& node, const ValuePath& path,
                   std::vector<Cause>& causes);

}  // namespace coreflow::schema
