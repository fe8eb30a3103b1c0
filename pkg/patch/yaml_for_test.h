#pragma once

#include <string_view>

#include "pkg/json/value.h"
#include "pkg/schema/schema.h"

// How the tests beside write objects and schemas.
namespace coreflow::patch {

json::Value Yaml(std::string_view text);

// A workflow-like schema: spec.name, .note, .labels, .steps (by name), .set, .atomic, .config (any), .ports (by port
// and protocol, which is TCP unless said); status.
const schema::Schema& TestSchema();

}  // namespace coreflow::patch
