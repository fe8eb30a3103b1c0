#pragma once

#include <string_view>
#include <vector>

#include "pkg/apiserver/failure.h"
#include "pkg/json/value.h"

namespace coreflow::apiserver {

// What the real server checks of every object's metadata, at creation and at an update. Empty: nothing is wrong.
std::vector<Cause> CheckMetadata(const Resource& resource, const json::Value& object);
// What an update may not change: name, namespace, uid, and no new finalizer on an object that is being deleted.
std::vector<Cause> CheckMetadataUpdate(const json::Value& object, const json::Value& old);

// Names as Kubernetes has them: RFC 1123 labels (63 characters) and subdomains (253).
bool IsDnsLabel(std::string_view text);
bool IsDnsSubdomain(std::string_view text);
// A label's key ("prefix/name", a qualified name) and value.
bool IsQualifiedName(std::string_view text);
bool IsLabelValue(std::string_view text);

}  // namespace coreflow::apiserver
