#include "pkg/patch/owners.h"

#include <algorithm>

namespace coreflow::patch {

const ManagedEntry* Owners::Find(const ManagedEntry& manager) const {
  auto same = [&](const ManagedEntry& entry) { return entry.SameManager(manager); };
  auto found = std::find_if(entries_.begin(), entries_.end(), same);
  return found == entries_.end() ? nullptr : &*found;
}

void Owners::Put(ManagedEntry entry) {
  auto same = [&](const ManagedEntry& other) { return other.SameManager(entry); };
  entries_.erase(std::remove_if(entries_.begin(), entries_.end(), same), entries_.end());
  if (!entry.fields.empty()) entries_.push_back(std::move(entry));
}

FieldSet Owners::All() const {
  FieldSet all;
  for (const ManagedEntry& entry : entries_) all = all.Union(entry.fields);
  return all;
}

std::vector<ManagedEntry> Owners::ConflictsWith(const Comparison& changes, const ManagedEntry* self) const {
  const FieldSet changed = changes.modified.Union(changes.added);
  std::vector<ManagedEntry> conflicts;
  for (const ManagedEntry& entry : entries_) {
    if (self != nullptr && entry.SameManager(*self)) continue;
    ManagedEntry conflict = entry;
    conflict.fields = entry.fields.Intersection(changed);
    if (!conflict.fields.empty()) conflicts.push_back(std::move(conflict));
  }
  return conflicts;
}

void Owners::GiveUp(const Comparison& changes, const ManagedEntry* self) {
  const FieldSet changed = changes.modified.Union(changes.added);
  for (ManagedEntry& entry : entries_) {
    if (!entry.unread.IsNull() || (self != nullptr && entry.SameManager(*self))) continue;
    entry.fields = entry.fields.Difference(changed).Difference(changes.removed);
  }
  auto empty = [](const ManagedEntry& entry) { return entry.unread.IsNull() && entry.fields.empty(); };
  entries_.erase(std::remove_if(entries_.begin(), entries_.end(), empty), entries_.end());
}

void Owners::AddUpdate(const Comparison& changes, const Writer& writer) {
  ManagedEntry entry = EntryOf(writer, Operation::kUpdate);
  entry.fields = changes.modified.Union(changes.added).Difference(Unowned());
  if (entry.fields.empty()) return;
  if (const ManagedEntry* before = Find(entry)) entry.fields = entry.fields.Union(before->fields);
  entry.time = FormatTime(writer.time);
  Put(std::move(entry));
}

ManagedEntry EntryOf(const Writer& writer, Operation operation) {
  return {.manager = writer.manager.empty() ? "unknown" : writer.manager,
          .operation = operation,
          .api_version = writer.api_version,
          .subresource = writer.subresource};
}

const FieldSet& Unowned() {
  static const FieldSet kUnowned = FieldSet::Of({{"apiVersion"},
                                                 {"kind"},
                                                 {"metadata"},
                                                 {"metadata", "name"},
                                                 {"metadata", "namespace"},
                                                 {"metadata", "creationTimestamp"},
                                                 {"metadata", "selfLink"},
                                                 {"metadata", "uid"},
                                                 {"metadata", "clusterName"},
                                                 {"metadata", "generation"},
                                                 {"metadata", "managedFields"},
                                                 {"metadata", "resourceVersion"}});
  return kUnowned;
}

}  // namespace coreflow::patch
