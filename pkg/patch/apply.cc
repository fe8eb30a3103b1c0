#include "pkg/patch/apply.h"

#include <algorithm>
#include <map>

#include "pkg/patch/owners.h"
#include "pkg/patch/shape.h"
#include "pkg/schema/unchanged.h"

namespace coreflow::patch {

namespace {

using schema::Node;

const char* const kBeforeFirstApply = "before-first-apply";

Comparison Without(Comparison changes, const FieldSet& ignored) {
  if (ignored.empty()) return changes;
  return {.removed = changes.removed.RecursiveDifference(ignored),
          .modified = changes.modified.RecursiveDifference(ignored),
          .added = changes.added.RecursiveDifference(ignored)};
}

// "default/a; coreflow.dev/v1alpha1, Kind=Workflow"
std::string Identify(const json::Value& object) {
  std::string version = object["apiVersion"].StringOr("");
  if (version.find('/') == std::string::npos) version = "/" + version;
  const json::Value& metadata = object["metadata"];
  std::string text = metadata["namespace"].StringOr("") + "/";
  return text.append(metadata["name"].StringOr(""))
      .append("; " + version)
      .append(", Kind=" + object["kind"].StringOr(""));
}

Conflicts ToConflicts(const std::vector<ManagedEntry>& entries) {
  Conflicts conflicts;
  std::map<std::string, std::string> paths;  // by manager, in order
  std::string only;
  for (const ManagedEntry& entry : entries) {
    std::string manager = ShowManager(entry);
    for (const FieldPath& path : entry.fields.Paths()) {
      std::string field = ShowPath(path);
      only = "conflict with " + manager;
      only.append(": ").append(field);
      paths[manager] += "\n- " + field;
      conflicts.causes.push_back(
          {.type = "FieldManagerConflict", .field = field, .message = "conflict with " + manager});
    }
  }
  size_t count = conflicts.causes.size();
  if (count == 1) {
    conflicts.message = "Apply failed with 1 conflict: " + only;
    return conflicts;
  }
  conflicts.message = "Apply failed with " + std::to_string(count) + " conflicts: ";
  std::string separator;
  for (const auto& [manager, listed] : paths) {
    conflicts.message.append(separator).append("conflicts with ").append(manager).append(":").append(listed);
    separator = "\n";
  }
  return conflicts;
}

// What the writer applied last time and does not apply now goes, unless somebody owns it.
json::Value DropAbandoned(const json::Value& merged, const FieldSet& last, const FieldSet& owned, const Node* node) {
  if (last.empty()) return merged;
  const FieldSet last_named = WithNamedParents(last, node);
  auto named_fields = [&](const json::Value& value) { return WithNamedParents(FieldsOf(value, node), node); };
  const FieldSet all = named_fields(merged);
  json::Value left = Remove(merged, last_named, node);
  // What others own within what was just removed comes back, with what is around it …
  const FieldSet kept = named_fields(left).Union(WithNamedParents(owned, node));
  left = Remove(merged, all.Difference(kept), node);
  // … and so does what is gone though the writer never had it.
  return Remove(merged, all.Difference(named_fields(left)).Intersection(last_named), node);
}

// An object that nobody is known to manage: what there is belongs to one who was there before.
void AdoptLive(Owners& owners, const json::Value& live, const Node* node, const Writer& writer) {
  if (!owners.entries().empty() || live.Members().empty()) return;
  Writer earlier = writer;
  earlier.manager = kBeforeFirstApply;
  json::Object nothing;
  owners.AddUpdate(Without(Compare(nothing, live, node), writer.ignored), earlier);
}

}  // namespace

Applied Apply(const json::Value& live, const json::Value& config, const Node* schema, const Writer& writer,
              bool force) {
  if (config["apiVersion"].StringOr("") != writer.api_version) {
    return Error{Code::kInvalid, "Incorrect version specified in apply patch. Specified patch version: " +
                                     config["apiVersion"].StringOr("") + ", expected: " + writer.api_version};
  }
  if (!config["metadata"]["managedFields"].IsNull()) {
    return Error{Code::kInvalid, "metadata.managedFields must be nil"};
  }
  const Node with_metadata = schema == nullptr ? Node() : WithMetadata(*schema);
  const Node* node = schema == nullptr ? nullptr : &with_metadata;
  if (std::string why = CannotApply(config, node); !why.empty()) {
    return Error{Code::kInvalid, "failed to create typed patch object (" + Identify(config) + "): " + why};
  }
  auto read = ReadManagedFields(live["metadata"]["managedFields"]);
  if (!read) return Error{Code::kInternal, "failed to decode managed fields: " + read.error().message};

  const json::Value before = live.IsNull() ? json::Object() : WithManagedFields(live, json::Value());
  const json::Value known = WriteManagedFields(*read);
  Owners owners(*std::move(read));
  AdoptLive(owners, before, node, writer);
  ManagedEntry self = EntryOf(writer, Operation::kApply);
  const ManagedEntry* last = owners.Find(self);
  const ManagedEntry last_entry = last == nullptr ? self : *last;
  self.fields = FieldsOf(config, node).RecursiveDifference(writer.ignored);
  owners.Put(self);

  json::Value after = MergeApplied(before, config, node);
  after = DropAbandoned(after, last_entry.fields, owners.All(), node);
  const Comparison changes = Without(Compare(before, after, node), writer.ignored);
  std::vector<ManagedEntry> conflicts = owners.ConflictsWith(changes, &self);
  if (!force && !conflicts.empty()) return ToConflicts(conflicts);
  owners.GiveUp(changes, &self);

  self.fields = self.fields.Difference(Unowned());
  const bool unchanged = schema::Unchanged(before, after);
  const bool as_before = unchanged && self.fields == last_entry.fields && self.api_version == last_entry.api_version;
  self.time = as_before ? last_entry.time : FormatTime(writer.time);
  owners.Put(std::move(self));
  json::Value managed_fields = WriteManagedFields(owners.entries());
  if (!live.IsNull() && unchanged && managed_fields == known) return live;
  return WithManagedFields(after, managed_fields);
}

json::Value TrackUpdate(const json::Value& live, const json::Value& object, const Node* schema, const Writer& writer) {
  const Node with_metadata = schema == nullptr ? Node() : WithMetadata(*schema);
  const Node* node = schema == nullptr ? nullptr : &with_metadata;
  const json::Value& said = object["metadata"]["managedFields"];
  const json::Value& known = live["metadata"]["managedFields"];
  const bool reset = writer.subresource.empty() && said.IsArray() &&
                     (said.AsArray().empty() || (said.AsArray().size() == 1 && said.AsArray()[0].Members().empty()));
  // What the request says counts only if it is as the server writes it.
  const bool use_own = !reset && writer.subresource.empty() && !said.Elements().empty() &&
                       (schema::Unchanged(said, known) || ReadManagedFields(said).has_value());
  const json::Value& start = reset ? json::Value() : use_own ? said : known;

  json::Value after = WithManagedFields(object, json::Value());
  // An object that exists and that nobody manages stays so until somebody applies.
  if (!live.IsNull() && start.Elements().empty()) return after;
  const json::Value before = live.IsNull() ? json::Object() : WithManagedFields(live, json::Value());
  const Comparison changes = Without(Compare(before, after, node), writer.ignored);
  if (changes.same()) return WithManagedFields(after, start);

  const FieldSet touched = changes.modified.Union(changes.added).Union(changes.removed);
  auto entries = ReadTouched(start, touched, EntryOf(writer, Operation::kUpdate));
  Owners owners(entries ? *std::move(entries) : std::vector<ManagedEntry>());
  owners.GiveUp(changes, nullptr);
  owners.AddUpdate(changes, writer);
  std::vector<ManagedEntry> left = owners.entries();
  CapUpdates(left);
  return WithManagedFields(after, WriteManagedFields(std::move(left)));
}

}  // namespace coreflow::patch
