#include "controllers/runs/fence_leases.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "pkg/engine/names.h"
#include "pkg/engine/pod_view.h"
#include "pkg/kube/election.h"

namespace coreflow::runs {

namespace {

using json::Object;
using json::Value;

Value NewLease(const std::string& ns, int32_t bucket) {
  return Object{{"apiVersion", "coordination.k8s.io/v1"},
                {"kind", "Lease"},
                {"metadata", Object{{"name", FenceLeaseName(bucket)},
                                    {"namespace", ns},
                                    {"labels", Object{{"app.kubernetes.io/managed-by", "coreflow"},
                                                      {kLabelFence, "bucket"},
                                                      {engine::kLabelBucket, std::to_string(bucket)}}}}}};
}

}  // namespace

std::string FenceLeaseName(int32_t bucket) { return fmt::format("coreflow-bucket-{:02}", bucket); }

FenceLeases RaiseFence(const std::vector<Value>& stored, const std::string& ns, const std::string& holder,
                       int64_t at_least, Time now) {
  FenceLeases fence{.epoch = at_least};
  std::map<std::string, const Value*> known;
  for (const Value& lease : stored) {
    known[lease["metadata"]["name"].StringOr("")] = &lease;
    fence.epoch = std::max(fence.epoch, kube::election::EpochOf(lease) + 1);
  }
  for (int32_t bucket = 0; bucket < engine::kBuckets; ++bucket) {
    const std::string name = FenceLeaseName(bucket);
    auto it = known.find(name);
    const bool is_new = it == known.end();
    Object lease = (is_new ? NewLease(ns, bucket) : *it->second).Members();
    Object spec = lease["spec"].Members();
    spec["holderIdentity"] = holder;
    spec["leaseTransitions"] = fence.epoch;
    spec["acquireTime"] = FormatMicroTime(now);
    lease["spec"] = std::move(spec);
    fence.writes.push_back({.name = name, .lease = std::move(lease), .is_new = is_new});
  }
  return fence;
}

}  // namespace coreflow::runs
