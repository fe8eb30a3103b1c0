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
//  - `<<` merges a mapping, or a list of them; unlike YAML says, but as kubectl does, it replaces what stands before it
//    in the mapping.
// Stricter than kubectl: a name that stands twice in one mapping is an error. Tags other than those of the types above
// and !!binary, which becomes the decoded bytes, mean nothing.
//
// Safe for input from anybody: at most 4 MiB of UTF-8 text, nesting up to 256, and aliases may add at most
// 100 times the size of the text (1 MiB always, 32 MiB never more). Time is linear in both. Errors are kInvalid and
// begin with "line L, column C: " where there is a place to point at. Text that starts with { is tried as JSON first.
// Thread-safe.

// Exactly one document, which may be empty (null).
Result<json::Value> FromYaml(std::string_view text);

// All documents in order, separated by lines of ---; empty ones are left out.
Result<std::vector<json::Value>> AllFromYaml(std::string_view text);

}  // namespace coreflow::yaml
