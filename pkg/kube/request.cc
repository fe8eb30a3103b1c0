#include "pkg/kube/request.h"

#include <utility>

#include "pkg/base/check.h"
#include "pkg/json/write.h"
#include "pkg/kube/target.h"

namespace coreflow::kube {
namespace {

constexpr char kJson[] = "application/json";

Error Invalid(std::string message) { return Error{.code = Code::kInvalid, .message = std::move(message)}; }

// Servers that can't give metadata alone (aggregated ones) fall back to the second type.
std::string Accept(bool metadata_only, const char* metadata_kind) {
  if (!metadata_only) return kJson;
  return std::string(kJson) + ";as=" + metadata_kind + ";g=meta.k8s.io;v=v1," + kJson;
}

Request Reading(Verb verb, const Resource& resource, std::string ns, std::string target, std::string accept) {
  return Request{.verb = verb,
                 .resource = resource,
                 .ns = std::move(ns),
                 .http = {.method = "GET", .target = std::move(target), .headers = {{"Accept", std::move(accept)}}}};
}

Request Writing(Verb verb, const Resource& resource, std::string ns, const char* method, Target& target,
                const WriteOptions& options) {
  target.Query("dryRun", options.dry_run ? "All" : "").Query("fieldManager", options.field_manager);
  return Request{.verb = verb,
                 .resource = resource,
                 .ns = std::move(ns),
                 .dry_run = options.dry_run,
                 .http = {.method = method, .target = target.text(), .headers = {{"Accept", kJson}}}};
}

void SetBody(Request& request, const json::Value& body, const char* content_type) {
  request.http.headers.emplace_back("Content-Type", content_type);
  request.http.body = json::Write(body);
}

const char* ContentType(PatchType type) {
  switch (type) {
    case PatchType::kMerge: return "application/merge-patch+json";
    case PatchType::kJson: return "application/json-patch+json";
    case PatchType::kApply:
      return "application/apply-patch+yaml";  // JSON is YAML; no server of 1.30 or older takes another type
  }
  CHECK(false, "every patch type has a content type");
}

const char* PropagationName(Propagation propagation) {
  switch (propagation) {
    case Propagation::kDefault: return "";
    case Propagation::kBackground: return "Background";
    case Propagation::kForeground: return "Foreground";
    case Propagation::kOrphan: return "Orphan";
  }
  CHECK(false, "every propagation policy has a name");
}

json::Value DeleteBody(const DeleteOptions& options) {
  json::Object body{{"apiVersion", "v1"}, {"kind", "DeleteOptions"}};
  json::Object preconditions;
  if (!options.uid.empty()) preconditions["uid"] = options.uid;
  if (!options.resource_version.empty()) preconditions["resourceVersion"] = options.resource_version;
  if (!preconditions.empty()) body["preconditions"] = std::move(preconditions);
  if (options.grace_period_seconds) body["gracePeriodSeconds"] = *options.grace_period_seconds;
  if (options.propagation != Propagation::kDefault) body["propagationPolicy"] = PropagationName(options.propagation);
  if (options.dry_run) body["dryRun"] = json::Array{"All"};
  return body;
}

}  // namespace

const char* VerbName(Verb verb) {
  switch (verb) {
    case Verb::kGet: return "get";
    case Verb::kList: return "list";
    case Verb::kWatch: return "watch";
    case Verb::kCreate: return "create";
    case Verb::kUpdate: return "update";
    case Verb::kPatch: return "patch";
    case Verb::kDelete: return "delete";
    case Verb::kDeleteCollection: return "deletecollection";
  }
  CHECK(false, "every verb has a name");
}

bool ReadOnly(Verb verb) { return verb == Verb::kGet || verb == Verb::kList || verb == Verb::kWatch; }

Result<Request> Get(const Resource& resource, const ObjectKey& key, const GetOptions& options) {
  TRY(Target target, Target::Object(resource, key));
  return Reading(Verb::kGet, resource, key.ns, target.text(), Accept(options.metadata_only, "PartialObjectMetadata"));
}

Result<Request> List(const Resource& resource, const Selection& selection, const ListOptions& options) {
  TRY(Target target, Target::Collection(resource, selection.ns));
  target.Query("labelSelector", selection.labels)
      .Query("fieldSelector", selection.fields)
      .Query("limit", options.limit > 0 ? std::to_string(options.limit) : "")
      .Query("continue", options.continue_token)
      .Query("resourceVersion", options.resource_version)
      .Query("resourceVersionMatch", options.resource_version_match);
  return Reading(Verb::kList, resource, selection.ns, target.text(),
                 Accept(options.metadata_only, "PartialObjectMetadataList"));
}

Result<Request> Watch(const Resource& resource, const Selection& selection, const WatchOptions& options) {
  TRY(Target target, Target::Collection(resource, selection.ns));
  target.Query("watch", "true")
      .Query("labelSelector", selection.labels)
      .Query("fieldSelector", selection.fields)
      .Query("allowWatchBookmarks", options.bookmarks ? "true" : "")
      .Query("resourceVersion", options.resource_version)
      .Query("timeoutSeconds", options.timeout_seconds > 0 ? std::to_string(options.timeout_seconds) : "");
  return Reading(Verb::kWatch, resource, selection.ns, target.text(),
                 Accept(options.metadata_only, "PartialObjectMetadata"));
}

Result<Request> Create(const Resource& resource, const std::string& ns, const json::Value& object,
                       const WriteOptions& options) {
  if (resource.namespaced && ns.empty()) return Invalid("a " + std::string(resource.kind) + " needs a namespace");
  if (!options.subresource.empty()) return Invalid("a subresource can't be created without its object's name");
  TRY(Target target, Target::Collection(resource, ns));
  Request request = Writing(Verb::kCreate, resource, ns, "POST", target, options);
  SetBody(request, object, kJson);
  return request;
}

Result<Request> Update(const Resource& resource, const ObjectKey& key, const json::Value& object,
                       const WriteOptions& options) {
  TRY(Target target, Target::Object(resource, key, options.subresource));
  Request request = Writing(Verb::kUpdate, resource, key.ns, "PUT", target, options);
  SetBody(request, object, kJson);
  return request;
}

Result<Request> UpdateStatus(const Resource& resource, const ObjectKey& key, const json::Value& object,
                             WriteOptions options) {
  options.subresource = "status";
  return Update(resource, key, object, options);
}

Result<Request> Patch(const Resource& resource, const ObjectKey& key, const json::Value& patch,
                      const PatchOptions& options) {
  if (options.type == PatchType::kApply && options.write.field_manager.empty()) {
    return Invalid("server-side apply needs a field manager");
  }
  if (options.type != PatchType::kApply && options.force) return Invalid("only server-side apply can be forced");
  if ((options.type == PatchType::kJson) != patch.IsArray()) {
    return Invalid(std::string("a patch of this type can't be ") + patch.TypeName());
  }
  TRY(Target target, Target::Object(resource, key, options.write.subresource));
  target.Query("force", options.force ? "true" : "");
  Request request = Writing(Verb::kPatch, resource, key.ns, "PATCH", target, options.write);
  SetBody(request, patch, ContentType(options.type));
  return request;
}

Result<Request> Delete(const Resource& resource, const ObjectKey& key, const DeleteOptions& options) {
  TRY(Target target, Target::Object(resource, key));
  Request request = Writing(Verb::kDelete, resource, key.ns, "DELETE", target, {});
  request.dry_run = options.dry_run;
  SetBody(request, DeleteBody(options), kJson);
  return request;
}

Result<Request> DeleteCollection(const Resource& resource, const Selection& selection, const DeleteOptions& options) {
  if (selection.labels.empty() && selection.fields.empty()) return Invalid("deletecollection needs a selector");
  if (!options.uid.empty() || !options.resource_version.empty()) {
    return Invalid("deletecollection can't have preconditions");
  }
  if (resource.namespaced && selection.ns.empty()) return Invalid("deletecollection needs a namespace");
  TRY(Target target, Target::Collection(resource, selection.ns));
  target.Query("labelSelector", selection.labels).Query("fieldSelector", selection.fields);
  Request request = Writing(Verb::kDeleteCollection, resource, selection.ns, "DELETE", target, {});
  request.dry_run = options.dry_run;
  SetBody(request, DeleteBody(options), kJson);
  return request;
}

}  // namespace coreflow::kube
