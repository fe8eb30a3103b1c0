#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "pkg/base/result.h"
#include "pkg/http/transport.h"
#include "pkg/json/value.h"
#include "pkg/kube/object_key.h"
#include "pkg/kube/resource.h"

// Requests to the Kubernetes API, built as values: nothing here sends anything.
namespace coreflow::kube {

// What a request does, in the words of RBAC.
enum class Verb { kGet, kList, kWatch, kCreate, kUpdate, kPatch, kDelete, kDeleteCollection };

// "get", "deletecollection".
const char* VerbName(Verb verb);

// Whether the server's state can't change by it.
bool ReadOnly(Verb verb);

struct Request {
  Verb verb = Verb::kGet;
  Resource resource = {};
  std::string ns = {};  // that the request is about; empty: none, or all
  bool dry_run = false;
  http::Request http = {};

  bool operator==(const Request&) const = default;
};

// Every function below gives kInvalid when a name could leave its place in the path ("", ".", "..", with '/' or '%'),
// or when a namespace is missing, or given for a resource that has none. Everything else is percent-encoded.

struct GetOptions {
  // PartialObjectMetadata instead of the object.
  bool metadata_only = false;
};
Result<Request> Get(const Resource& resource, const ObjectKey& key, const GetOptions& options = {});

// Which objects; an empty namespace means all of them.
struct Selection {
  std::string ns = {};
  std::string labels = {};  // "app=x,tier!=y"; empty: every object
  std::string fields = {};  // "metadata.name=x"; empty: every object
};

struct ListOptions {
  int limit = 0;                      // 0: all at once
  std::string continue_token = {};    // of the page before
  std::string resource_version = {};  // empty: the most recent state
  std::string resource_version_match = {};
  bool metadata_only = false;
};
Result<Request> List(const Resource& resource, const Selection& selection, const ListOptions& options = {});

struct WatchOptions {
  std::string resource_version = {};
  int timeout_seconds = 0;  // 0: the server's choice
  bool bookmarks = true;
  bool metadata_only = false;
};
Result<Request> Watch(const Resource& resource, const Selection& selection, const WatchOptions& options);

struct WriteOptions {
  std::string field_manager = {};
  bool dry_run = false;
  std::string subresource = {};  // "status"
};
// POST: `object` must not exist yet. Its namespace is `ns`; its name stands in the object.
Result<Request> Create(const Resource& resource, const std::string& ns, const json::Value& object,
                       const WriteOptions& options = {});
// PUT: `object` replaces what is there. Guarded only by the metadata.resourceVersion and metadata.uid it carries.
Result<Request> Update(const Resource& resource, const ObjectKey& key, const json::Value& object,
                       const WriteOptions& options = {});
Result<Request> UpdateStatus(const Resource& resource, const ObjectKey& key, const json::Value& object,
                             WriteOptions options = {});

enum class PatchType {
  kMerge,  // RFC 7386
  kJson,   // RFC 6902: `patch` is an array of operations
  kApply,  // server-side apply: `patch` is the object with the fields we own; needs a field manager
};
struct PatchOptions {
  PatchType type = PatchType::kMerge;
  WriteOptions write = {};
  bool force = false;  // kApply: take fields over from other managers
};
Result<Request> Patch(const Resource& resource, const ObjectKey& key, const json::Value& patch,
                      const PatchOptions& options);

enum class Propagation { kDefault, kBackground, kForeground, kOrphan };
struct DeleteOptions {
  // Preconditions; empty: none. A delete without `uid` may hit a later object of that name.
  std::string uid = {};
  std::string resource_version = {};
  std::optional<int64_t> grace_period_seconds = {};
  Propagation propagation = Propagation::kDefault;
  bool dry_run = false;
};
Result<Request> Delete(const Resource& resource, const ObjectKey& key, const DeleteOptions& options);

// kInvalid without a selector: nobody means all of them. `options` must have no preconditions.
Result<Request> DeleteCollection(const Resource& resource, const Selection& selection,
                                 const DeleteOptions& options = {});

}  // namespace coreflow::kube
