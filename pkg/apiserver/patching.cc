#include "pkg/apiserver/patching.h"

#include <string>
#include <utility>

#include "pkg/apiserver/json_patch.h"
#include "pkg/apiserver/merge_patch.h"
#include "pkg/apiserver/schemas.h"
#include "pkg/apiserver/write_query.h"
#include "pkg/patch/strategic_merge.h"

namespace coreflow::apiserver {

namespace {

constexpr std::string_view kJsonPatch = "application/json-patch+json";
constexpr std::string_view kMergePatch = "application/merge-patch+json";
constexpr std::string_view kStrategicPatch = "application/strategic-merge-patch+json";

// As the real server sorts them.
Failure StrategicFailure(const std::string& message) {
  if (message.starts_with("invalid ")) return BadRequest(message);
  if (message.starts_with("lists of lists")) return Failure{.code = 422, .reason = "Invalid", .message = message};
  return Failure{.code = 500, .message = message};
}

}  // namespace

Outcome<json::Value> ApplyPatch(const Resource& resource, std::string_view type, const json::Value& patch,
                                const json::Value& current) {
  if (type == kMergePatch || type == kStrategicPatch) {
    if (!patch.IsObject()) return BadRequest("error decoding patch: no JSON object");
    if (type == kMergePatch) return MergePatch(current, patch);
    auto patched = patch::StrategicMerge(current, patch, &SchemaOf(resource).root());
    if (patched) return *std::move(patched);
    return StrategicFailure(patched.error().message);
  }
  auto patched = JsonPatch(current, patch);
  if (patched) return std::move(*patched);
  if (patched.error().code == Code::kInvalid) return BadRequest("error decoding patch: " + patched.error().message);
  return Failure{
      .code = 422, .reason = "Invalid", .message = "the server rejected our request due to an error in our request"};
}

bool TakesPatches(const Resource& resource, std::string_view type) {
  return type == kJsonPatch || type == kMergePatch || type == kApplyPatch ||
         (type == kStrategicPatch && !resource.custom);
}

}  // namespace coreflow::apiserver
