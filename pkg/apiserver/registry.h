#pragma once

#include <functional>
#include <string>
#include <vector>

#include "pkg/apiserver/admission.h"
#include "pkg/apiserver/audit.h"
#include "pkg/apiserver/deletion.h"
#include "pkg/apiserver/failure.h"
#include "pkg/apiserver/store.h"
#include "pkg/base/dice.h"
#include "pkg/base/loop.h"
#include "pkg/json/value.h"

namespace coreflow::apiserver {

// Which part of an object a write is for. kBinding is what the scheduler does to a pod: its node and a condition.
enum class Part { kObject, kStatus, kBinding };

struct WriteOptions {
  std::string agent = {};       // who writes, for the audit and admission
  std::string verb = "update";  // of an update: "update" or "patch"
  bool dry_run = false;
  bool replaces = false;  // PUT: the new object's uid is a precondition
  bool creates = false;   // of an update: makes what is not there, from an edit of null
};

// What a delete did. `gone` is false when the object is still there, waiting.
struct Deleted {
  VersionPtr object = {};
  bool gone = false;
};

// The meaning of objects, between requests and the store: defaults, generations, preconditions, finalizers and grace
// periods, admission, audit. The HTTP server and the actors of the cluster all write through it, at once and in
// order; there is no waiting in it. Not thread-safe; the store and the loop outlive it.
class Registry {
 public:
  // The new object, from the one that is there.
  using Edit = std::function<Outcome<json::Value>(const json::Value& current)>;

  // UIDs and generated names follow from `seed`.
  Registry(Store& store, const Loop& loop, uint64_t seed) : store_(store), loop_(loop), random_(seed) {}

  Store& store() { return store_; }
  const Audit& audit() const { return audit_; }
  // Keeps no audit from now on: it grows with every write.
  void StopAudit() { audits_ = false; }
  // Does without the schemas of objects from now on: what does not fit them is taken, as it is.
  void StopCheckingSchemas() { checks_schemas_ = false; }
  bool checks_schemas() const { return checks_schemas_; }
  // Keeps no metadata.managedFields from now on, but of server-side apply, which needs them.
  void StopTrackingFields() { tracks_fields_ = false; }
  bool tracks_fields() const { return tracks_fields_; }
  Time Now() const { return loop_.Now(); }

  // Asked in order at every write; the first refusal counts.
  void Admit(Admission admission) { admissions_.push_back(std::move(admission)); }

  // `name_space` is empty for what has none.
  Outcome<VersionPtr> Create(const Resource& resource, const std::string& name_space, const json::Value& object,
                             const WriteOptions& options);
  // A write that changes nothing is no write: the version stays, nobody is told.
  Outcome<VersionPtr> Update(const Resource& resource, const std::string& name_space, const std::string& name,
                             Part part, const Edit& edit, const WriteOptions& options);
  Outcome<Deleted> Delete(const Resource& resource, const std::string& name_space, const std::string& name,
                          const DeleteOptions& how, const WriteOptions& options);

  // Removes a namespace that is being deleted and empty: what the namespace controller does last. Nothing otherwise.
  void FinalizeNamespace(const std::string& name, const std::string& agent);

 private:
  Outcome<json::Value> PrepareCreate(const Resource& resource, const std::string& name_space,
                                     const json::Value& object);
  std::optional<Failure> CheckNamespace(const Resource& resource, const std::string& name_space,
                                        const std::string& name) const;
  Outcome<json::Value> PrepareUpdate(const Resource& resource, Part part, json::Value object, const json::Value& old,
                                     const WriteOptions& options) const;
  void CheckSchema(const Resource& resource, const json::Value& object, const json::Value* old,
                   std::vector<Cause>& causes) const;
  std::optional<Failure> Ask(const AdmissionRequest& request) const;
  VersionPtr Put(const Resource& resource, const std::string& key, const json::Value& object,
                 const WriteOptions& options, std::string verb, Part part);
  VersionPtr Remove(const Resource& resource, const std::string& key, const WriteOptions& options, std::string verb);

  Store& store_;
  const Loop& loop_;
  Dice random_;
  Audit audit_;
  bool audits_ = true;
  bool checks_schemas_ = true;
  bool tracks_fields_ = true;
  std::vector<Admission> admissions_;
};

}  // namespace coreflow::apiserver
