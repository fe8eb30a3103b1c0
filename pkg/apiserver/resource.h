#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace coreflow::apiserver {

// What the fake API server knows of one resource, and how its objects behave (the `strategy` of
// k8s.io/apiserver's generic registry). There is one Resource a plural; compare them by address.
struct Resource {
  std::string_view group = {};  // empty for the core group
  std::string_view version = {};
  std::string_view plural = {};
  std::string_view kind = {};
  bool namespaced = true;
  bool custom = false;           // of a CRD: what is not metadata or status raises the generation
  bool has_status = false;       // PUT and PATCH of …/status; elsewhere status is left as it was
  bool create_by_put = false;    // PUT of a missing object makes it
  bool blind_put = false;        // PUT without a resourceVersion is taken
  bool returns_deleted = false;  // DELETE answers with the object, not with a Status
  // What field selectors may name besides metadata.name and metadata.namespace.
  std::vector<std::string_view> selectable = {};

  // "pods", "workflows.coreflow.dev": how messages name it.
  std::string Qualified() const;
  // "v1", "coreflow.dev/v1alpha1".
  std::string ApiVersion() const;
};

const std::vector<Resource>& AllResources();

// nullptr for what the server does not know.
const Resource* FindResource(std::string_view group, std::string_view version, std::string_view plural);
// By what stands in an object or an owner reference; nullptr for what the server does not know.
const Resource* FindKind(std::string_view api_version, std::string_view kind);

const Resource& Pods();
const Resource& Namespaces();
const Resource& Leases();
const Resource& Events();
const Resource& Quotas();
const Resource& Workflows();
const Resource& Jobs();
const Resource& Records();
const Resource& Fences();

}  // namespace coreflow::apiserver
