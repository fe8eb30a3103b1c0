#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "pkg/kube/object_key.h"

namespace coreflow::kube {

// Which objects are there and in which version, and what a list changes about that. Pure.
class VersionTable {
 public:
  struct Change {
    std::optional<ObjectVersion> gone = {};  // another object had the name until now
    bool news = false;                       // the version was not known

    bool operator==(const Change&) const = default;
  };

  // The object was seen, in a list or a watch.
  Change Upsert(const ObjectKey& key, const ObjectVersion& version);

  // The object is gone; its last version, if it was there.
  std::optional<ObjectVersion> Erase(const ObjectKey& key);

  // A list begins; what an earlier one that was not ended has shown counts no longer.
  void BeginList() { ++list_; }
  // The list is complete: takes out what it has not shown, in the order of the keys.
  std::vector<std::pair<ObjectKey, ObjectVersion>> EndList();

  size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    ObjectVersion version;
    uint64_t list = 0;  // that showed it last
  };

  std::map<ObjectKey, Entry> entries_;
  uint64_t list_ = 0;
};

}  // namespace coreflow::kube
