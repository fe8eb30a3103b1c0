#pragma once

#include <string>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/cli/environment.h"
#include "pkg/engine/observation.h"
#include "pkg/json/value.h"

namespace coreflow::cli {

// The objects of a file, or of stdin for "-": each is a Workflow or Job of CoreFlow's version; the elements of a List
// count as well. kInvalid names the file, and the line where there is one.
Result<std::vector<json::Value>> ReadManifest(Environment& environment, const std::string& path);

// Text of the same, already read; `name` is for messages.
Result<std::vector<json::Value>> ParseManifest(const std::string& text, const std::string& name);

engine::Kind KindOf(const json::Value& object);

// The object with spec.arguments as "name=value" texts say: each value is read as its parameter's type, and what was
// there under that name is replaced. kInvalid tells everything that is wrong with them.
Result<json::Value> WithArguments(const json::Value& object, const std::vector<std::string>& given);

// Everything that the operator would say of the object's spec, in one message; nothing when it would run it.
std::string ProblemsOf(const json::Value& object);

// The object with a member of one part of it ("spec") set, or taken away by null.
json::Value With(const json::Value& object, const std::string& part, const std::string& member, json::Value value);
// The same of its metadata.
json::Value WithMetadata(const json::Value& object, const std::string& member, json::Value value);

}  // namespace coreflow::cli
