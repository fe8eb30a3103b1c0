#pragma once

#include <string>
#include <vector>

#include "pkg/apiserver/resource.h"
#include "pkg/json/value.h"

namespace coreflow::apiserver {

// An object of a request as the server reads it.
struct Taken {
  json::Value object = {};
  std::vector<std::string> unknown = {};  // fields that were dropped: "spec.foo"
};

// Drops the fields that the schema does not know, and fills in defaults: those of the schema for custom resources, what
// kube-apiserver has in code for others. A Secret's stringData becomes data.
Taken TakeIn(const Resource& resource, const json::Value& object);

// The second half of it, for an object without unknown fields.
json::Value FillIn(const Resource& resource, const json::Value& object);

// "strict decoding error: unknown field \"spec.foo\"".
std::string StrictDecodingError(const std::vector<std::string>& unknown);
// A Warning header for all of them.
std::string WarningHeader(const std::vector<std::string>& unknown);

}  // namespace coreflow::apiserver
