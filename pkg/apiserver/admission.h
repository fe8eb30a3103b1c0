#pragma once

#include <functional>
#include <optional>
#include <string>

#include "pkg/apiserver/failure.h"
#include "pkg/apiserver/store.h"
#include "pkg/json/value.h"

namespace coreflow::apiserver {

enum class Operation { kCreate, kUpdate, kDelete };

// A write that has passed the server's own checks and is about to be stored.
struct AdmissionRequest {
  Operation operation = Operation::kCreate;
  const Resource& resource;
  bool status = false;        // of the status subresource
  const json::Value& object;  // null for a delete
  const json::Value& old;     // null for a create
  const std::string& agent;   // who asks
  bool dry_run = false;
};

// Says why a write is refused, or nothing. Stands for quotas, admission policies, webhooks and the CEL rules of CRDs.
using Admission = std::function<std::optional<Failure>(const AdmissionRequest&)>;

// ResourceQuota of `pods`: a namespace has at most `limit` pods that have not ended; one more is Forbidden, "exceeded
// quota". The store outlives it.
Admission PodQuota(const Store& store, std::string name_space, std::string quota, int limit);
// The same for every stored ResourceQuota with `hard.pods`.
Admission StoredQuotas(const Store& store);

// The CRD rule on the status of workflows and jobs: an epoch neither falls nor goes away.
Admission EpochNeverFalls();

}  // namespace coreflow::apiserver
