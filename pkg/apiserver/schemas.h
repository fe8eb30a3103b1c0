#pragma once

#include "pkg/apiserver/resource.h"
#include "pkg/json/value.h"
#include "pkg/schema/schema.h"

namespace coreflow::apiserver {

// What objects look like: the schemas of the CRDs in crds/, and those of Kubernetes' own kinds. Read once for the
// whole process, when the first one is asked for. Thread-safe.
const schema::Schema& SchemaOf(const Resource& resource);
// The schema of every object's metadata.
const schema::Schema& MetadataSchema();

// The OpenAPI document of Kubernetes' own kinds, cut down to those that the server has. Besides, under "numbers", which
// protobuf field of which schema has which number.
const json::Value& KubernetesDocument();

}  // namespace coreflow::apiserver
