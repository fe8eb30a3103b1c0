#include "pkg/patch/managed_fields.h"

#include <algorithm>
#include <map>
#include <ostream>
#include <tuple>

#include "pkg/json/write.h"
#include "pkg/schema/go_text.h"

namespace coreflow::patch {

namespace {

constexpr size_t kMostUpdates = 10;

const char* OperationName(Operation operation) { return operation == Operation::kApply ? "Apply" : "Update"; }

Error Wrong(const std::string& what) { return Error{Code::kInvalid, what}; }

Result<ManagedEntry> ReadEntry(const json::Value& value) {
  ManagedEntry entry;
  std::string operation = value["operation"].StringOr("");
  if (operation != "Apply" && operation != "Update") return Wrong("operation must be `Apply` or `Update`");
  entry.operation = operation == "Apply" ? Operation::kApply : Operation::kUpdate;
  entry.manager = value["manager"].StringOr("");
  entry.api_version = value["apiVersion"].StringOr("");
  if (entry.api_version.empty()) return Wrong("apiVersion must not be empty");
  if (value["fieldsType"].StringOr("") != "FieldsV1") return Wrong("fieldsType must be `FieldsV1`");
  entry.subresource = value["subresource"].StringOr("");
  entry.time = value["time"].StringOr("");
  entry.unread = value["fieldsV1"];
  return entry;
}

Result<void> ReadFields(ManagedEntry& entry) {
  if (entry.unread.IsNull()) return {};
  TRY(entry.fields, FieldSet::FromJson(entry.unread));
  entry.unread = json::Value();
  return {};
}

// Whether fieldsV1 has a member of the set, or something that a member of the set is around.
bool Touches(const json::Value& fields_v1, const FieldSet& changed) {
  for (const auto& [element, entry] : changed.entries()) {
    const json::Value* below = fields_v1.Find(element);
    if (below == nullptr) continue;
    if (entry.member || Touches(*below, entry.below)) return true;
  }
  return false;
}

json::Value WriteEntry(const ManagedEntry& entry) {
  json::Object object{{"apiVersion", entry.api_version},
                      {"fieldsType", "FieldsV1"},
                      {"fieldsV1", entry.unread.IsNull() ? entry.fields.ToJson() : entry.unread},
                      {"operation", OperationName(entry.operation)}};
  if (!entry.manager.empty()) object.emplace("manager", entry.manager);
  if (!entry.subresource.empty()) object.emplace("subresource", entry.subresource);
  if (!entry.time.empty()) object.emplace("time", entry.time);
  return object;
}

bool ComesBefore(const ManagedEntry& a, const ManagedEntry& b) {
  auto key = [](const ManagedEntry& entry) {
    return std::tie(entry.operation, entry.time, entry.manager, entry.api_version, entry.subresource);
  };
  return key(a) < key(b);
}

}  // namespace

bool ManagedEntry::SameManager(const ManagedEntry& other) const {
  return manager == other.manager && operation == other.operation && subresource == other.subresource &&
         (operation == Operation::kApply || api_version == other.api_version);
}

void PrintTo(const ManagedEntry& entry, std::ostream* out) { *out << json::Write(WriteEntry(entry)); }

Result<std::vector<ManagedEntry>> ReadManagedFields(const json::Value& managed_fields) {
  std::vector<ManagedEntry> entries;
  for (const json::Value& value : managed_fields.Elements()) {
    TRY(ManagedEntry entry, ReadEntry(value));
    TRY_VOID(ReadFields(entry));
    entries.push_back(std::move(entry));
  }
  return entries;
}

Result<std::vector<ManagedEntry>> ReadTouched(const json::Value& managed_fields, const FieldSet& changed,
                                              const ManagedEntry& writer) {
  std::vector<ManagedEntry> entries;
  // Beyond that many, entries are put together.
  const bool all = managed_fields.Elements().size() >= kMostUpdates;
  for (const json::Value& value : managed_fields.Elements()) {
    TRY(ManagedEntry entry, ReadEntry(value));
    if (all || entry.SameManager(writer) || Touches(entry.unread, changed)) TRY_VOID(ReadFields(entry));
    entries.push_back(std::move(entry));
  }
  return entries;
}

json::Value WriteManagedFields(std::vector<ManagedEntry> entries) {
  std::sort(entries.begin(), entries.end(), ComesBefore);
  json::Array list;
  for (const ManagedEntry& entry : entries) list.push_back(WriteEntry(entry));
  return list;
}

void CapUpdates(std::vector<ManagedEntry>& entries) {
  std::sort(entries.begin(), entries.end(), ComesBefore);
  auto is_update = [](const ManagedEntry& entry) { return entry.operation == Operation::kUpdate; };
  auto updates = static_cast<size_t>(std::count_if(entries.begin(), entries.end(), is_update));
  std::map<std::string, ManagedEntry> ancient;  // by version: the first, with what was put to it
  for (size_t i = 0; i < entries.size() && updates > kMostUpdates;) {
    if (!is_update(entries[i])) {
      ++i;
      continue;
    }
    auto [bucket, first] = ancient.try_emplace(entries[i].api_version, entries[i]);
    if (!first) {
      bucket->second.fields = bucket->second.fields.Union(entries[i].fields);
      bucket->second.time = entries[i].time;
      --updates;
    }
    bucket->second.manager = "ancient-changes";
    bucket->second.subresource.clear();
    entries.erase(entries.begin() + static_cast<ptrdiff_t>(i));
  }
  for (auto& [version, bucket] : ancient) entries.push_back(std::move(bucket));
}

json::Value WithManagedFields(const json::Value& object, const json::Value& managed_fields) {
  bool none = managed_fields.Elements().empty();
  if (none && object["metadata"].Find("managedFields") == nullptr) return object;
  json::Object metadata = object["metadata"].Members();
  if (none) {
    metadata.erase("managedFields");
  } else {
    metadata["managedFields"] = managed_fields;
  }
  json::Object changed = object.Members();
  changed["metadata"] = std::move(metadata);
  return changed;
}

std::string ShowManager(const ManagedEntry& entry) {
  std::string text = schema::GoQuote(entry.manager);
  if (!entry.subresource.empty()) text += " with subresource " + schema::GoQuote(entry.subresource);
  if (entry.operation == Operation::kUpdate) text += " using " + entry.api_version;
  return text;
}

}  // namespace coreflow::patch
