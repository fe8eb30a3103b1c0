#include "pkg/apiserver/resource.h"

#include "pkg/base/check.h"

namespace coreflow::apiserver {

namespace {

Resource Custom(std::string_view plural, std::string_view kind, bool has_status) {
  return {.group = "coreflow.dev",
          .version = "v1alpha1",
          .plural = plural,
          .kind = kind,
          .custom = true,
          .has_status = has_status,
          .selectable = has_status ? std::vector<std::string_view>{"status.state", "spec.suspend"}
                                   : std::vector<std::string_view>{}};
}

std::vector<Resource> Table() {
  return {
      {.version = "v1",
       .plural = "pods",
       .kind = "Pod",
       .has_status = true,
       .blind_put = true,
       .returns_deleted = true,
       .selectable = {"spec.nodeName", "status.phase"}},
      {.version = "v1",
       .plural = "namespaces",
       .kind = "Namespace",
       .namespaced = false,
       .has_status = true,
       .blind_put = true,
       .returns_deleted = true},
      {.version = "v1", .plural = "resourcequotas", .kind = "ResourceQuota", .returns_deleted = true},
      {.version = "v1",
       .plural = "serviceaccounts",
       .kind = "ServiceAccount",
       .blind_put = true,
       .returns_deleted = true},
      {.group = "events.k8s.io",
       .version = "v1",
       .plural = "events",
       .kind = "Event",
       .create_by_put = true,
       .blind_put = true},
      {.group = "coordination.k8s.io", .version = "v1", .plural = "leases", .kind = "Lease", .create_by_put = true},
      Custom("workflows", "Workflow", true),
      Custom("jobs", "Job", true),
      Custom("workflowrecords", "WorkflowRecord", false),
      Custom("fences", "Fence", false),
  };
}

const Resource& Must(std::string_view group, std::string_view version, std::string_view plural) {
  const Resource* found = FindResource(group, version, plural);
  CHECK(found, "the table has this resource");
  return *found;
}

}  // namespace

std::string Resource::Qualified() const {
  return group.empty() ? std::string(plural) : std::string(plural) + "." + std::string(group);
}

std::string Resource::ApiVersion() const {
  return group.empty() ? std::string(version) : std::string(group) + "/" + std::string(version);
}

const std::vector<Resource>& AllResources() {
  static const std::vector<Resource> kTable = Table();
  return kTable;
}

const Resource* FindResource(std::string_view group, std::string_view version, std::string_view plural) {
  for (const Resource& resource : AllResources()) {
    if (resource.group == group && resource.version == version && resource.plural == plural) return &resource;
  }
  return nullptr;
}

const Resource* FindKind(std::string_view api_version, std::string_view kind) {
  for (const Resource& resource : AllResources()) {
    if (resource.kind == kind && resource.ApiVersion() == api_version) return &resource;
  }
  return nullptr;
}

const Resource& Pods() {
  static const Resource& kPods = Must("", "v1", "pods");
  return kPods;
}
const Resource& Namespaces() {
  static const Resource& kNamespaces = Must("", "v1", "namespaces");
  return kNamespaces;
}
const Resource& Leases() {
  static const Resource& kLeases = Must("coordination.k8s.io", "v1", "leases");
  return kLeases;
}
const Resource& Events() {
  static const Resource& kEvents = Must("events.k8s.io", "v1", "events");
  return kEvents;
}
const Resource& Quotas() {
  static const Resource& kQuotas = Must("", "v1", "resourcequotas");
  return kQuotas;
}
const Resource& Workflows() {
  static const Resource& kWorkflows = Must("coreflow.dev", "v1alpha1", "workflows");
  return kWorkflows;
}
const Resource& Jobs() {
  static const Resource& kJobs = Must("coreflow.dev", "v1alpha1", "jobs");
  return kJobs;
}
const Resource& Fences() {
  static const Resource& found = Must("coreflow.dev", "v1alpha1", "fences");
  return found;
}

const Resource& Records() {
  static const Resource& kRecords = Must("coreflow.dev", "v1alpha1", "workflowrecords");
  return kRecords;
}

}  // namespace coreflow::apiserver
