#pragma once

#include <vector>

#include "pkg/patch/apply.h"
#include "pkg/patch/fields.h"
#include "pkg/patch/managed_fields.h"

namespace coreflow::patch {

// The managers of one object while a request changes it.
class Owners {
 public:
  explicit Owners(std::vector<ManagedEntry> entries) : entries_(std::move(entries)) {}

  const std::vector<ManagedEntry>& entries() const { return entries_; }
  // The entry of the same manager, or nullptr.
  const ManagedEntry* Find(const ManagedEntry& manager) const;
  // Adds or replaces it; one without fields is removed.
  void Put(ManagedEntry entry);
  // All that anybody owns.
  FieldSet All() const;

  // What others than `self` own of what changes, an entry for each of them.
  std::vector<ManagedEntry> ConflictsWith(const Comparison& changes, const ManagedEntry* self) const;
  // Others than `self` lose what changed, and everybody what is gone.
  void GiveUp(const Comparison& changes, const ManagedEntry* self);
  // Adds to the writer's updates what it changed.
  void AddUpdate(const Comparison& changes, const Writer& writer);

 private:
  std::vector<ManagedEntry> entries_;
};

// The entry of a writer, without fields.
ManagedEntry EntryOf(const Writer& writer, Operation operation);

// Names, versions and what else identifies an object: nobody owns them.
const FieldSet& Unowned();

}  // namespace coreflow::patch
