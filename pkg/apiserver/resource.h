#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pkg/json/value.h"

namespace coreflow::apiserver {

// One column of the table that `kubectl get` prints.
struct Column {
  std::string name = {};
  std::string type = "string";  // "date" is shown as an age
  std::string path = {};        // JSONPath, or words for what no path says: ".status.phase", "count of .data"
  int priority = 0;             // over 0: only with -o wide
};

// What the API server knows of one resource, and how its objects behave (the `strategy` of k8s.io/apiserver's generic
// registry). There is one Resource a plural; compare them by address.
struct Resource {
  std::string group = {};  // empty for the core group
  std::string version = {};
  std::string plural = {};
  std::string singular = {};
  std::string kind = {};
  std::vector<std::string> short_names = {};
  std::vector<std::string> categories = {};
  bool namespaced = true;
  bool custom = false;           // of a CRD: what is not metadata or status raises the generation
  bool has_status = false;       // PUT and PATCH of …/status; elsewhere status is left as it was
  bool create_by_put = false;    // PUT of a missing object makes it
  bool blind_put = false;        // PUT without a resourceVersion is taken
  bool returns_deleted = false;  // DELETE answers with the object, not with a Status
  // What field selectors may name besides metadata.name and metadata.namespace: "status.phase", or where it stands in
  // the stored object too: "message=note".
  std::vector<std::string> selectable = {};
  // Whose objects these are, in another form (event_view.h); nullptr: its own.
  const Resource* stored_as = nullptr;
  // After NAME; NAME and AGE alone when there are none.
  std::vector<Column> columns = {};

  // "pods", "workflows.coreflow.dev": how messages name it.
  std::string Qualified() const;
  // "v1", "coreflow.dev/v1alpha1".
  std::string ApiVersion() const;
  // Under which its objects are stored.
  const Resource& Stored() const { return stored_as ? *stored_as : *this; }
};

// Built-in ones first, then those of the CRDs in crds/.
const std::vector<Resource>& AllResources();

// nullptr for what the server does not know.
const Resource* FindResource(std::string_view group, std::string_view version, std::string_view plural);
// By what stands in an object or an owner reference; nullptr for what the server does not know.
const Resource* FindKind(std::string_view api_version, std::string_view kind);

const Resource& Pods();
const Resource& Namespaces();
const Resource& ConfigMaps();
const Resource& Secrets();
const Resource& Nodes();
const Resource& Leases();
const Resource& Events();
// Those of the core group.
const Resource& CoreEvents();
const Resource& Quotas();
const Resource& Crds();
const Resource& Workflows();
const Resource& Jobs();
const Resource& Records();
const Resource& Fences();

// The CRDs in crds/, as a real server stores them, without what each installation has of its own.
const std::vector<json::Value>& BuiltInCrds();

}  // namespace coreflow::apiserver
