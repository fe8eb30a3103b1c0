#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "pkg/cache/blobs_in_use.h"
#include "pkg/json/value.h"
#include "pkg/kube/object_key.h"

namespace coreflow::runs {

// The artifacts that the results of runs refer to, for as long as their records exist.
class RecordBlobs {
 public:
  // The record as it is now. Anybody may have written it: what names no artifact is left out.
  void Seen(const kube::ObjectKey& record, const json::Value& body);
  void Gone(const kube::ObjectKey& record) { blobs_.erase(record); }

  // All of them; see BlobsInUse.
  cache::BlobsInUse InUse(std::set<std::string, std::less<>> name_spaces) const;

 private:
  std::map<kube::ObjectKey, std::vector<cache::BlobsInUse::Hash>> blobs_;  // of records that have some
};

}  // namespace coreflow::runs
