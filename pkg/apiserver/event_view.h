#pragma once

#include "pkg/apiserver/resource.h"
#include "pkg/json/value.h"

namespace coreflow::apiserver {

// Events of the core group are the events of events.k8s.io in another form: the same objects, stored once. Others are
// stored as they are.

// The object as it is stored, from the resource's own form.
json::Value ToStored(const Resource& resource, const json::Value& object);
// The other way round.
json::Value FromStored(const Resource& resource, const json::Value& stored);

}  // namespace coreflow::apiserver
