#include "pkg/apiserver/registry.h"

#include <algorithm>

#include "pkg/apiserver/intake.h"
#include "pkg/apiserver/object.h"
#include "pkg/apiserver/pod_strategy.h"
#include "pkg/apiserver/schemas.h"
#include "pkg/apiserver/uuid.h"
#include "pkg/apiserver/validation.h"
#include "pkg/json/write.h"

namespace coreflow::apiserver {

namespace {

constexpr size_t kObjectLimit = 1'572'864;  // etcd's --max-request-bytes

void CarryOver(json::Object& metadata, const json::Value& old, const char* field) {
  const json::Value& before = old["metadata"][field];
  if (before.IsNull()) {
    metadata.erase(field);
  } else {
    metadata[field] = before;
  }
}

// What an update never decides: the server keeps it.
json::Value KeepSystemFields(const json::Value& object, const json::Value& old) {
  json::Object metadata = object["metadata"].Members();
  for (const char* field :
       {"generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "resourceVersion"}) {
    CarryOver(metadata, old, field);
  }
  if (object["metadata"]["uid"].IsNull()) CarryOver(metadata, old, "uid");
  if (object["metadata"]["namespace"].IsNull()) CarryOver(metadata, old, "namespace");
  return Set(object, {"metadata"}, std::move(metadata));
}

json::Value KeepStatus(const json::Value& object, const json::Value& old) {
  const json::Value* status = old.Find("status");
  return status ? Set(object, {"status"}, *status) : Unset(object, {"status"});
}

json::Value WithoutMetadata(const json::Value& object) { return Unset(object, {"metadata"}); }

// Everything as it was but the status and who manages it: what …/status of a custom resource does.
json::Value OnlyStatus(const json::Value& object, const json::Value& old) {
  const json::Value* status = object.Find("status");
  json::Value kept = status ? Set(old, {"status"}, *status) : Unset(old, {"status"});
  const json::Value& managers = object["metadata"]["managedFields"];
  if (managers == old["metadata"]["managedFields"]) return kept;
  return managers.IsNull() ? Unset(kept, {"metadata", "managedFields"})
                           : Set(kept, {"metadata", "managedFields"}, managers);
}

// Whether the objects of a CRD are among those that the server has.
bool IsServed(const json::Value& crd) {
  const std::vector<Resource>& all = AllResources();
  return std::ranges::any_of(all, [&](const Resource& one) { return one.custom && one.Qualified() == NameOf(crd); });
}

// As the controllers of CRDs leave one that is served.
json::Value EstablishedStatus(const json::Value& crd, Time now) {
  const auto condition = [&](const char* type, const char* reason, const char* message) {
    return json::Object{{"type", type},
                        {"status", "True"},
                        {"reason", reason},
                        {"message", message},
                        {"lastTransitionTime", FormatTime(now)}};
  };
  json::Array versions;
  for (const json::Value& version : crd["spec"]["versions"].Elements()) {
    if (version["storage"].BoolOr(false)) versions.push_back(version["name"]);
  }
  return json::Object{{"acceptedNames", crd["spec"]["names"]},
                      {"storedVersions", std::move(versions)},
                      {"conditions", json::Array{condition("NamesAccepted", "NoConflicts", "no conflicts found"),
                                                 condition("Established", "InitialNamesAccepted",
                                                           "the initial names have been accepted")}}};
}

// A lower bound of the text's length, without making the text.
size_t AtLeast(const json::Value& value) {
  size_t size = 2 + (value.IsString() ? value.AsString().size() : 0);
  for (const json::Value& element : value.Elements()) size += AtLeast(element);
  for (const auto& [name, member] : value.Members()) size += name.size() + AtLeast(member);
  return size;
}

std::optional<Failure> TooLarge(const json::Value& object) {
  if (AtLeast(object) < kObjectLimit / 8 || json::Write(object).size() <= kObjectLimit) return std::nullopt;
  return Failure{.code = 500, .message = "etcdserver: request is too large"};
}

}  // namespace

std::optional<Failure> Registry::Ask(const AdmissionRequest& request) const {
  for (const Admission& admission : admissions_) {
    if (auto refused = admission(request)) return refused;
  }
  return std::nullopt;
}

std::optional<Failure> Registry::CheckNamespace(const Resource& resource, const std::string& name_space,
                                                const std::string& name) const {
  if (!resource.namespaced) return std::nullopt;
  const VersionPtr found = store_.Get(Namespaces(), name_space);
  if (!found) return NotFound(Namespaces(), name_space);
  if (!IsBeingDeleted(found->object())) return std::nullopt;
  Failure refused = Forbidden(
      resource, name, "unable to create new content in namespace " + name_space + " because it is being terminated");
  refused.details = Set(refused.details, {"causes"},
                        json::Array{json::Object{{"reason", "NamespaceTerminating"},
                                                 {"message", "namespace " + name_space + " is being terminated"},
                                                 {"field", "metadata.namespace"}}});
  return refused;
}

void Registry::CheckSchema(const Resource& resource, const json::Value& object, const json::Value* old,
                           std::vector<Cause>& causes) const {
  if (!checks_schemas_ || !resource.custom) return;
  for (schema::Cause& cause : SchemaOf(resource).Validate(object, old)) {
    causes.push_back({std::move(cause.type), std::move(cause.field), std::move(cause.message)});
  }
}

Outcome<json::Value> Registry::PrepareCreate(const Resource& resource, const std::string& name_space,
                                             const json::Value& object) {
  json::Object metadata = object["metadata"].Members();
  if (!metadata["resourceVersion"].StringOr("").empty()) {
    return Failure{.code = 500, .message = "resourceVersion should not be set on objects to be created"};
  }
  if (NameOf(object).empty() && !metadata["generateName"].StringOr("").empty()) {
    metadata["name"] = metadata["generateName"].AsString() + Uuid(random_).substr(0, 5);
  }
  for (const char* field : {"deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "resourceVersion"}) {
    metadata.erase(field);
  }
  if (resource.namespaced) metadata["namespace"] = name_space;
  metadata["uid"] = Uuid(random_);
  metadata["creationTimestamp"] = FormatTime(Now());
  if (resource.custom || &resource == &Pods()) metadata["generation"] = 1;
  json::Value prepared = Set(object, {"metadata"}, std::move(metadata));
  std::vector<Cause> causes;
  if (&resource == &Pods()) {
    causes = CheckPod(prepared);
    prepared = PreparePod(prepared);
  } else if (&resource == &Namespaces()) {
    prepared = Set(prepared, {"status", "phase"}, "Active");
    prepared = Set(prepared, {"spec", "finalizers"}, json::Array{"kubernetes"});
    prepared = Set(prepared, {"metadata", "labels", "kubernetes.io/metadata.name"}, NameOf(prepared));
  } else if (&resource == &Quotas()) {
    // As quotas are once the controller has counted.
    const json::Value status = json::Object{{"hard", prepared["spec"]["hard"]}, {"used", json::Object{{"pods", "0"}}}};
    prepared = Set(prepared, {"status"}, status);
  } else if (&resource == &Crds()) {
    prepared = Set(prepared, {"status"}, EstablishedStatus(prepared, Now()));
  } else if (resource.has_status && &resource != &Nodes()) {  // a kubelet makes its node with the status
    prepared = Unset(prepared, {"status"});
    if (checks_schemas()) prepared = FillIn(resource, prepared);
  }
  for (Cause& cause : CheckMetadata(resource, prepared)) causes.push_back(std::move(cause));
  CheckSchema(resource, prepared, nullptr, causes);
  if (!causes.empty()) return Invalid(resource.group, resource.kind, NameOf(prepared), causes);
  return prepared;
}

Outcome<VersionPtr> Registry::Create(const Resource& resource, const std::string& name_space, const json::Value& object,
                                     const WriteOptions& options) {
  if (auto refused = CheckNamespace(resource, name_space, NameOf(object))) return *refused;
  if (&resource == &Crds() && !IsServed(object)) {
    return NotImplemented("other kinds than those of coreflow.dev: " + NameOf(object) + " cannot be added");
  }
  auto prepared = PrepareCreate(resource, name_space, object);
  if (!prepared) return prepared.failure();
  static const json::Value kNone;
  const AdmissionRequest request{.operation = Operation::kCreate,
                                 .resource = resource,
                                 .object = *prepared,
                                 .old = kNone,
                                 .agent = options.agent,
                                 .dry_run = options.dry_run};
  if (auto refused = Ask(request)) return *refused;
  const std::string key = KeyOf(resource, name_space, NameOf(*prepared));
  if (store_.Get(resource, key)) return AlreadyExists(resource, NameOf(*prepared));
  if (auto refused = TooLarge(*prepared)) return *refused;
  if (options.dry_run) return VersionPtr(std::make_shared<const Version>(*prepared, 0));
  return Put(resource, key, *prepared, options, "create", Part::kObject);
}

Outcome<json::Value> Registry::PrepareUpdate(const Resource& resource, Part part, json::Value object,
                                             const json::Value& old, const WriteOptions& options) const {
  const std::string name = NameOf(old);
  if (options.replaces && !UidOf(object).empty() && UidOf(object) != UidOf(old)) {
    return Conflict(resource, name,
                    "StorageError: invalid object, Code: 4, Key: /registry/" + std::string(resource.plural) + "/" +
                        KeyOf(resource, NamespaceOf(old), name) +
                        ", ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: " +
                        UidOf(object) + ", UID in object meta: " + UidOf(old));
  }
  const std::string version = object["metadata"]["resourceVersion"].StringOr("");
  if (version.empty() && !resource.blind_put) {
    return Invalid(
        resource.group, resource.plural, name,
        {{"FieldValueInvalid", "metadata.resourceVersion", "Invalid value: 0x0: must be specified for an update"}});
  }
  if (!version.empty() && VersionOf(object) != VersionOf(old)) return Outdated(resource, name);
  const bool pod = &resource == &Pods();
  std::vector<Cause> causes;
  if (part == Part::kStatus) {
    object = pod               ? PreparePodStatus(object, old)
             : resource.custom ? OnlyStatus(object, old)
                               : Set(object, {"spec"}, old["spec"]);
  } else if (resource.has_status && part != Part::kBinding) {
    object = KeepStatus(object, old);
  }
  // Mostly a status is written, and the metadata is the old one itself.
  const bool same_metadata = object["metadata"] == old["metadata"];
  if (!same_metadata) object = KeepSystemFields(object, old);
  if (part != Part::kBinding && pod) causes = CheckPodUpdate(object, old);
  const bool changes = part == Part::kObject && (resource.custom ? !(WithoutMetadata(object) == WithoutMetadata(old))
                                                                 : pod && !(object["spec"] == old["spec"]));
  if (changes) {
    object = Set(object, {"metadata", "generation"}, old["metadata"]["generation"].IntOr(0) + 1);
  }
  if (!same_metadata) {
    for (Cause& cause : CheckMetadata(resource, object)) causes.push_back(std::move(cause));
    for (Cause& cause : CheckMetadataUpdate(object, old)) causes.push_back(std::move(cause));
  }
  CheckSchema(resource, object, &old, causes);
  if (!causes.empty()) return Invalid(resource.group, resource.kind, name, causes);
  return object;
}

Outcome<VersionPtr> Registry::Update(const Resource& resource, const std::string& name_space, const std::string& name,
                                     Part part, const Edit& edit, const WriteOptions& options) {
  const std::string key = KeyOf(resource, name_space, name);
  const VersionPtr old = store_.Get(resource, key);
  if (!old) {
    if (!options.creates || part != Part::kObject) return NotFound(resource, name);
    auto made = edit({});
    if (!made) return made.failure();
    return Create(resource, name_space, Unset(*made, {"metadata", "resourceVersion"}), options);
  }
  auto edited = edit(old->object());
  if (!edited) return edited.failure();
  auto prepared = PrepareUpdate(resource, part, std::move(*edited), old->object(), options);
  if (!prepared) return prepared.failure();
  const AdmissionRequest request{.operation = Operation::kUpdate,
                                 .resource = resource,
                                 .status = part == Part::kStatus,
                                 .object = *prepared,
                                 .old = old->object(),
                                 .agent = options.agent,
                                 .dry_run = options.dry_run};
  if (auto refused = Ask(request)) return *refused;
  if (options.dry_run) return VersionPtr(std::make_shared<const Version>(*prepared, old->rv()));
  if (EndsDeletion(*prepared, old->object()) && &resource != &Namespaces()) {
    Remove(resource, key, options, options.verb);
    return VersionPtr(std::make_shared<const Version>(std::move(*prepared), old->rv()));
  }
  if (*prepared == old->object()) return old;
  if (auto refused = TooLarge(*prepared)) return *refused;
  return Put(resource, key, *prepared, options, options.verb, part);
}

Outcome<Deleted> Registry::Delete(const Resource& resource, const std::string& name_space, const std::string& name,
                                  const DeleteOptions& how, const WriteOptions& options) {
  const std::string key = KeyOf(resource, name_space, name);
  VersionPtr old = store_.Get(resource, key);
  if (!old) return NotFound(resource, name);
  auto plan = PlanDelete(resource, old->object(), how, Now());
  if (!plan) return plan.failure();
  static const json::Value kNone;
  const AdmissionRequest request{.operation = Operation::kDelete,
                                 .resource = resource,
                                 .object = kNone,
                                 .old = old->object(),
                                 .agent = options.agent,
                                 .dry_run = how.dry_run};
  if (auto refused = Ask(request)) return *refused;
  if (how.dry_run) {
    if (plan->marked.IsNull()) return Deleted{old, plan->remove};
    return Deleted{std::make_shared<const Version>(std::move(plan->marked), old->rv()), plan->remove};
  }
  if (&resource == &Namespaces()) {
    json::Value marked = Set(old->object(), {"status", "phase"}, "Terminating");
    if (!IsBeingDeleted(marked)) marked = Set(marked, {"metadata", "deletionTimestamp"}, FormatTime(Now()));
    if (!(marked == old->object())) old = Put(resource, key, marked, options, "delete", Part::kObject);
    return Deleted{old, false};
  }
  if (!plan->marked.IsNull() && !(plan->marked == old->object())) {
    old = Put(resource, key, plan->marked, options, "delete", Part::kObject);
  }
  if (!plan->remove) return Deleted{old, false};
  return Deleted{Remove(resource, key, options, "delete"), true};
}

void Registry::FinalizeNamespace(const std::string& name, const std::string& agent) {
  const VersionPtr found = store_.Get(Namespaces(), name);
  if (!found || !IsBeingDeleted(found->object())) return;
  Remove(Namespaces(), name, {.agent = agent}, "delete");
}

VersionPtr Registry::Put(const Resource& resource, const std::string& key, const json::Value& object,
                         const WriteOptions& options, std::string verb, Part part) {
  VersionPtr before = audits_ ? store_.Get(resource, key) : nullptr;
  VersionPtr after = store_.Put(resource, key, object);
  if (audits_)
    audit_.Record({.at = Now(),
                   .rv = after->rv(),
                   .verb = std::move(verb),
                   .resource = &resource.Stored(),
                   .status = part == Part::kStatus,
                   .key = key,
                   .uid = UidOf(after->object()),
                   .agent = options.agent,
                   .before = std::move(before),
                   .after = after});
  return after;
}

VersionPtr Registry::Remove(const Resource& resource, const std::string& key, const WriteOptions& options,
                            std::string verb) {
  VersionPtr before = audits_ ? store_.Get(resource, key) : nullptr;
  VersionPtr last = store_.Delete(resource, key);
  if (audits_)
    audit_.Record({.at = Now(),
                   .rv = last->rv(),
                   .verb = std::move(verb),
                   .resource = &resource.Stored(),
                   .key = key,
                   .uid = UidOf(last->object()),
                   .agent = options.agent,
                   .before = std::move(before)});
  return last;
}

}  // namespace coreflow::apiserver
