#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/apiserver/resource.h"
#include "pkg/json/value.h"

namespace coreflow::apiserver {

// One state that an object had. Never changes; its text is made once and shared by all who send it.
class Version {
 public:
  // `object` carries `rv` as its metadata.resourceVersion.
  Version(json::Value object, uint64_t rv) : object_(std::move(object)), rv_(rv) {}

  const json::Value& object() const { return object_; }
  uint64_t rv() const { return rv_; }
  // JSON of the object, and of the object as an item of a typed list, which leaves out kind and apiVersion.
  const std::string& Text() const;
  const std::string& ItemText() const;

 private:
  json::Value object_;
  uint64_t rv_;
  mutable std::string text_;
  mutable std::string item_text_;
};
using VersionPtr = std::shared_ptr<const Version>;

// One write: `before` is null for a create. For a delete `after` is null and `last` is the object as it was, with the
// resourceVersion of the delete, which is how watches show it.
struct Change {
  uint64_t rv = 0;
  const Resource* resource = nullptr;
  std::string key = {};
  VersionPtr before = {};
  VersionPtr after = {};
  VersionPtr last = {};
};

// Objects with all their versions since the last compaction, one global resourceVersion: what etcd is to the real
// server. Knows nothing of what objects mean. Keys are "namespace/name" or "name", in the order of their bytes, as
// in etcd. Not thread-safe; observers run inside the write.
class Store {
 public:
  using Objects = std::map<std::string, VersionPtr, std::less<>>;
  using Observer = std::function<void(const Change&)>;

  // The newest resourceVersion of all.
  uint64_t Current() const { return current_; }
  // Changes up to this one are forgotten.
  uint64_t Compacted() const { return compacted_; }

  // nullptr when there is no such object.
  VersionPtr Get(const Resource& resource, std::string_view key) const;
  const Objects& List(const Resource& resource) const;
  // What was there right after write `rv`; nullopt when that is compacted. REQUIRES: rv <= Current().
  std::optional<Objects> ListAt(const Resource& resource, uint64_t rv) const;

  // Creates or replaces; stamps the new resourceVersion on the object.
  VersionPtr Put(const Resource& resource, const std::string& key, const json::Value& object);
  // The last state with the resourceVersion of the delete. REQUIRES: the object is there.
  VersionPtr Delete(const Resource& resource, const std::string& key);

  // The changes of that resource after `rv`, oldest first. REQUIRES: rv >= Compacted().
  std::vector<Change> Since(const Resource& resource, uint64_t rv) const;

  // Forgets the history up to `rv`.
  void Compact(uint64_t rv);
  // Keeps at most about so many changes of a resource; older ones are compacted as others come.
  void LimitHistory(size_t changes) { history_limit_ = changes; }

  // One object as it was kept.
  struct Kept {
    const Resource* resource = nullptr;
    std::string key = {};
    json::Value object = {};
    uint64_t rv = 0;
  };
  // What was there when another process had the store, without its history. REQUIRES: the store is empty.
  void Restore(std::vector<Kept> objects, uint64_t current);
  // Calls `keeper` inside every write from now on, before anybody else hears of it.
  void Keep(Observer keeper) { keeper_ = std::move(keeper); }

  // Calls `observer` at every write from now on, for as long as the store lives.
  void Observe(Observer observer) { observers_.push_back(std::move(observer)); }

 private:
  struct Collection {
    Objects objects = {};
    std::deque<Change> history = {};
  };

  void Record(Collection& collection, const Change& change);

  std::map<const Resource*, Collection> collections_;
  Observer keeper_;
  std::vector<Observer> observers_;
  // A cluster has a past that is forgotten.
  uint64_t current_ = 1000;
  uint64_t compacted_ = 1000;
  size_t history_limit_ = 100'000;
};

// "namespace/name", or "name" for what has no namespace.
std::string KeyOf(const Resource& resource, std::string_view name_space, std::string_view name);

}  // namespace coreflow::apiserver
