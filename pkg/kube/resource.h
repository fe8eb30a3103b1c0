#pragma once

#include <string>
#include <string_view>

namespace coreflow::kube {

// A kind of objects, as discovery names it. The texts must outlive it: they are meant to be literals.
struct Resource {
  std::string_view group = {};  // empty: the core group
  std::string_view version = {};
  std::string_view plural = {};  // as in paths: "pods"
  std::string_view kind = {};    // as in objects: "Pod"
  bool namespaced = true;

  bool operator==(const Resource&) const = default;
};

inline constexpr Resource kPods{.version = "v1", .plural = "pods", .kind = "Pod"};
inline constexpr Resource kNamespaces{
    .version = "v1", .plural = "namespaces", .kind = "Namespace", .namespaced = false};
inline constexpr Resource kEvents{.group = "events.k8s.io", .version = "v1", .plural = "events", .kind = "Event"};
inline constexpr Resource kLeases{.group = "coordination.k8s.io", .version = "v1", .plural = "leases", .kind = "Lease"};

inline constexpr Resource kWorkflows{
    .group = "coreflow.dev", .version = "v1alpha1", .plural = "workflows", .kind = "Workflow"};
inline constexpr Resource kJobs{.group = "coreflow.dev", .version = "v1alpha1", .plural = "jobs", .kind = "Job"};
inline constexpr Resource kWorkflowRecords{
    .group = "coreflow.dev", .version = "v1alpha1", .plural = "workflowrecords", .kind = "WorkflowRecord"};
inline constexpr Resource kFences{.group = "coreflow.dev", .version = "v1alpha1", .plural = "fences", .kind = "Fence"};

// As objects carry it: "v1", "coreflow.dev/v1alpha1".
std::string ApiVersion(const Resource& resource);

// The path that everything of the resource's group and version starts with: "/api/v1", "/apis/coreflow.dev/v1alpha1".
std::string GroupPath(const Resource& resource);

}  // namespace coreflow::kube
