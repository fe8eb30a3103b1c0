#include "pkg/apiserver/store.h"

#include <algorithm>

#include "pkg/apiserver/object.h"
#include "pkg/base/check.h"
#include "pkg/json/write.h"

namespace coreflow::apiserver {

const std::string& Version::Text() const {
  if (text_.empty()) text_ = json::Write(object_);
  return text_;
}

const std::string& Version::ItemText() const {
  if (item_text_.empty()) item_text_ = json::Write(Unset(Unset(object_, {"kind"}), {"apiVersion"}));
  return item_text_;
}

VersionPtr Store::Get(const Resource& resource, std::string_view key) const {
  const Objects& objects = List(resource);
  auto it = objects.find(key);
  return it == objects.end() ? nullptr : it->second;
}

const Store::Objects& Store::List(const Resource& resource) const {
  static const Objects kNone;
  auto it = collections_.find(&resource.Stored());
  return it == collections_.end() ? kNone : it->second.objects;
}

std::optional<Store::Objects> Store::ListAt(const Resource& resource, uint64_t rv) const {
  CHECK(rv <= current_, "only what has happened can be listed");
  if (rv < compacted_) return std::nullopt;
  Objects objects = List(resource);
  auto it = collections_.find(&resource.Stored());
  if (it == collections_.end()) return objects;
  const std::deque<Change>& history = it->second.history;
  for (auto change = history.rbegin(); change != history.rend() && change->rv > rv; ++change) {
    if (change->before) {
      objects[change->key] = change->before;
    } else {
      objects.erase(change->key);
    }
  }
  return objects;
}

VersionPtr Store::Put(const Resource& resource, const std::string& key, const json::Value& object) {
  const uint64_t rv = ++current_;
  auto version = std::make_shared<const Version>(Set(object, {"metadata", "resourceVersion"}, std::to_string(rv)), rv);
  Collection& collection = collections_[&resource.Stored()];
  VersionPtr& slot = collection.objects[key];
  Change change{.rv = rv, .resource = &resource.Stored(), .key = key, .before = slot, .after = version};
  slot = version;
  Record(collection, std::move(change));
  return version;
}

VersionPtr Store::Delete(const Resource& resource, const std::string& key) {
  Collection& collection = collections_[&resource.Stored()];
  auto it = collection.objects.find(key);
  CHECK(it != collection.objects.end(), "only what is there can be deleted");
  const uint64_t rv = ++current_;
  VersionPtr before = it->second;
  auto last =
      std::make_shared<const Version>(Set(before->object(), {"metadata", "resourceVersion"}, std::to_string(rv)), rv);
  collection.objects.erase(it);
  Record(collection, {.rv = rv, .resource = &resource.Stored(), .key = key, .before = before, .last = last});
  return last;
}

void Store::Record(Collection& collection, const Change& change) {
  collection.history.push_back(change);
  // In halves, so that a long history costs little on each write.
  if (collection.history.size() > history_limit_ * 2) {
    Compact(collection.history[collection.history.size() - history_limit_ - 1].rv);
  }
  if (keeper_) keeper_(change);
  for (size_t i = 0; i < observers_.size(); ++i) observers_[i](change);
}

void Store::Restore(std::vector<Kept> objects, uint64_t current) {
  CHECK(collections_.empty(), "what was kept comes first");
  for (Kept& kept : objects) {
    collections_[kept.resource].objects[kept.key] = std::make_shared<const Version>(std::move(kept.object), kept.rv);
  }
  current_ = current;
  compacted_ = current;
}

std::vector<Change> Store::Since(const Resource& resource, uint64_t rv) const {
  CHECK(rv >= compacted_, "the history is still there");
  auto it = collections_.find(&resource.Stored());
  if (it == collections_.end()) return {};
  const std::deque<Change>& history = it->second.history;
  auto first = std::upper_bound(history.begin(), history.end(), rv,
                                [](uint64_t at, const Change& change) { return at < change.rv; });
  return {first, history.end()};
}

void Store::Compact(uint64_t rv) {
  compacted_ = std::max(compacted_, std::min(rv, current_));
  for (auto& [resource, collection] : collections_) {
    while (!collection.history.empty() && collection.history.front().rv <= compacted_) collection.history.pop_front();
  }
}

std::string KeyOf(const Resource& resource, std::string_view name_space, std::string_view name) {
  if (!resource.namespaced) return std::string(name);
  std::string key(name_space);
  key += '/';
  key += name;
  return key;
}

}  // namespace coreflow::apiserver
