#pragma once

#include <string>

#include "pkg/json/value.h"

namespace coreflow::yaml {

// Block YAML of a value as kubectl prints it: members in the order of their names, lists not indented, text of several
// lines as a literal block, quotes only where a plain scalar would be read as something else. FromYaml() gives the
// value back. Ends with a line break. Thread-safe.
std::string Write(const json::Value& value);

}  // namespace coreflow::yaml
