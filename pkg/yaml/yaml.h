#pragma once

#include <string_view>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/json/value.h"

namespace coreflow::yaml {

// YAML read as kubectl reads it (sigs.k8s.io/yaml over go-yaml v2), into JSON:
//  - plain scalars by YAML 1.1: y n yes no on off true false and their capitals are booleans, ~ and nothing are null,
//    0x1F 0b11 0o17 017 1_000 are integers, .5 1e3 are numbers, dates are strings; a number without a fraction becomes
//    an integer (1.0 is 1, as kubectl sends it). Quoted and block scalars are strings;
//  - names of members become strings (1: is "1", yes: is "true");
//  - `<<` merges a mapping, or a list of them.
// Stricter than kubectl: a name that stands twice in one mapping is an error.
//
// Safe for input from anybody: at most 16 MiB of UTF-8 text, nesting up to 256, and aliases may make the value
// at most 100 times as big as the text (with 1 MiB always allowed). Errors are kInvalid and begin with
// "line L, column C: ". Text that starts with { is tried as JSON first. Thread-safe.

// Exactly one document, which may be empty (null).
Result<json::Value> FromYaml(std::string_view text);

// All documents in order, separated by lines of ---; empty ones are left out.
Result<std::vector<json::Value>> AllFromYaml(std::string_view text);

}  // namespace coreflow::yaml
