#include "controllers/runs/fence_object.h"

#include <algorithm>
#include <utility>

#include "pkg/engine/names.h"

namespace coreflow::runs {

using json::Object;
using json::Value;

RaisedFence RaiseFence(const Value& stored, const std::string& ns, const std::string& holder, int64_t at_least,
                       Time now) {
  RaisedFence raised{.epoch = at_least};
  for (const auto& [bucket, epoch] : stored["spec"]["epochs"].Members()) {
    raised.epoch = std::max(raised.epoch, epoch.IntOr(0) + 1);
  }
  Object epochs;
  for (int32_t bucket = 0; bucket < engine::kBuckets; ++bucket) epochs[std::to_string(bucket)] = raised.epoch;
  Object object = stored.Members();
  if (stored.IsNull()) {
    object = {{"apiVersion", "coreflow.dev/v1alpha1"},
              {"kind", "Fence"},
              {"metadata", Object{{"name", kFenceName}, {"namespace", ns}}}};
  }
  object["spec"] = Object{{"holder", holder}, {"raisedAt", FormatTime(now)}, {"epochs", std::move(epochs)}};
  raised.object = std::move(object);
  return raised;
}

}  // namespace coreflow::runs
