#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "controllers/runs/decode.h"
#include "pkg/cache/blobs_in_use.h"
#include "pkg/kube/object_key.h"

namespace coreflow::runs {

// The artifacts that the results of runs refer to: of each object's last run and those before it that its status shows.
class RecordBlobs {
 public:
  // The record `key` as it is now. Anybody may have written it: what names no artifact is left out.
  void Seen(const kube::ObjectKey& key, const RecordView& record);
  void Gone(const kube::ObjectKey& key) { records_.erase(key); }

  // All of them; see BlobsInUse.
  cache::BlobsInUse InUse(std::set<std::string, std::less<>> name_spaces) const;

 private:
  struct Named {
    std::string owner = {};  // UID of the object
    int32_t run = 0;
    std::vector<cache::BlobsInUse::Hash> blobs = {};
  };

  std::map<kube::ObjectKey, Named> records_;
};

}  // namespace coreflow::runs
