#pragma once

#include <string>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/json/value.h"
#include "pkg/patch/field_set.h"

namespace coreflow::patch {

enum class Operation { kApply, kUpdate };

// One entry of metadata.managedFields: which fields somebody has set.
struct ManagedEntry {
  std::string manager{};
  Operation operation = Operation::kUpdate;
  std::string api_version{};
  std::string subresource{};  // "status"; empty: the object itself
  std::string time{};         // RFC 3339, in whole seconds; empty: none
  FieldSet fields{};
  json::Value unread{};  // the fieldsV1 instead of `fields`, of an entry that need not be looked into

  // Whether the two are the same manager: who applies is one whatever the version.
  bool SameManager(const ManagedEntry& other) const;
  bool operator==(const ManagedEntry&) const = default;
};

void PrintTo(const ManagedEntry& entry, std::ostream* out);

// Reads metadata.managedFields (null: no entries). kInvalid for what is none.
Result<std::vector<ManagedEntry>> ReadManagedFields(const json::Value& managed_fields);

// The same for a write that changes `changed`: entries that own nothing of it, and are not the one of `writer`, stay
// unread, since there may be much in them.
Result<std::vector<ManagedEntry>> ReadTouched(const json::Value& managed_fields, const FieldSet& changed,
                                              const ManagedEntry& writer);

// The list, in the server's order: who applies first, then by time, manager, version, subresource.
json::Value WriteManagedFields(std::vector<ManagedEntry> entries);

// Puts the oldest entries of updates together ("ancient-changes") while there are more than ten of them.
void CapUpdates(std::vector<ManagedEntry>& entries);

// The object with other managedFields; an empty list removes them.
json::Value WithManagedFields(const json::Value& object, const json::Value& managed_fields);

// As conflicts name a manager: "kubectl" using v1; who applied, without the version.
std::string ShowManager(const ManagedEntry& entry);

}  // namespace coreflow::patch
