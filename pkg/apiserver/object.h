#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "pkg/json/value.h"

namespace coreflow::apiserver {

// Reading and changing Kubernetes objects as JSON. Changing gives a new value; the old one stays.

using Path = std::initializer_list<std::string_view>;

std::string NameOf(const json::Value& object);
std::string NamespaceOf(const json::Value& object);
std::string UidOf(const json::Value& object);
// metadata.resourceVersion; 0 when absent or no decimal number.
uint64_t VersionOf(const json::Value& object);
// Whether metadata.finalizers has any.
bool HasFinalizers(const json::Value& object);
bool IsBeingDeleted(const json::Value& object);

// The value at a path of member names; null when something on the way is missing.
const json::Value& At(const json::Value& object, Path path);

// The object with that member set; objects missing on the way are made. REQUIRES: path is not empty.
json::Value Set(const json::Value& object, Path path, json::Value value);
// The object without that member.
json::Value Unset(const json::Value& object, Path path);

// metadata.name and the rest of one owner reference, controller and blockOwnerDeletion true.
json::Value OwnerReference(const json::Value& owner);

// A decimal number without sign or leading zeros; -1 for anything else.
int64_t ParseDecimal(std::string_view text);

}  // namespace coreflow::apiserver
