#pragma once

#include <cstdint>

#include "pkg/engine/observation.h"
#include "pkg/json/shape.h"
#include "pkg/json/value.h"
#include "pkg/reactor/reactor.h"

namespace coreflow::runs {

// What is read of a pod: by engine::ParsePod, by OwnerOfDependent and by an informer.
extern const json::Shape kPodShape;

// Which object a pod or record belongs to, by its controlling owner reference. The UID is empty when there is none.
reactor::OwnerKey OwnerOfDependent(const json::Value& object);

// A record as it was read. Total: `owner.uid` is empty for what is not one of ours.
struct RecordView {
  reactor::OwnerKey owner;
  int32_t run = 0;
  int32_t index = 0;
  json::Value body;  // the object without metadata
};
RecordView DecodeRecord(const json::Value& object);

// Labels of a record: whose it is, its run and its bucket.
json::Value RecordLabels(const reactor::OwnerKey& key, int32_t run);

}  // namespace coreflow::runs
