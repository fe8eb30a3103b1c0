#include "pkg/cli/request_run.h"

#include "pkg/cli/manifest.h"
#include "pkg/cli/run_view.h"
#include "pkg/json/bind.h"
#include "pkg/json/write.h"

namespace coreflow::cli {

namespace {

// What says that a run is asked for, and what it continues: nothing, when that was said of another request.
json::Object Annotations(const RunRequest& request, Time now) {
  const std::string requested_at = FormatMicroTime(now);
  json::Value from;
  if (request.retry_from) {
    json::Object members = json::ToJson(*request.retry_from).Members();
    members["requestedAt"] = requested_at;
    from = json::Write(std::move(members));
  }
  return {{kRunRequestedAt, requested_at}, {kRetryFrom, std::move(from)}};
}

// The whole object, since a merge patch would leave what the new spec lacks; at the version that was read.
Result<kube::Request> Replace(const FoundRun& run, const RunRequest& request, json::Object annotations,
                              const kube::WriteOptions& options) {
  json::Object object = run.object.Members();
  json::Object metadata = object["metadata"].Members();
  json::Object merged = metadata["annotations"].Members();
  for (auto& [name, value] : annotations) {
    merged.erase(name);
    if (!value.IsNull()) merged[name] = std::move(value);
  }
  metadata["annotations"] = std::move(merged);
  object["metadata"] = std::move(metadata);
  object["spec"] = request.spec;
  return kube::Update(run.resource, run.key, object, options);
}

}  // namespace

Result<FoundRun> RequestRun(Session& session, const FoundRun& run, const RunRequest& request) {
  const kube::WriteOptions options{.field_manager = kFieldManager, .dry_run = request.dry_run};
  json::Object annotations = Annotations(request, session.environment().loop.Now());
  FoundRun asked{.resource = run.resource, .key = run.key};
  if (!request.spec.IsNull()) {
    TRY(asked.object, session.Send(Replace(run, request, std::move(annotations), options)));
    return asked;
  }
  json::Object spec;
  if (!request.arguments.empty()) {
    TRY(json::Value changed, WithArguments(run.object, request.arguments));
    spec["arguments"] = changed["spec"]["arguments"];
  }
  if (run.object["spec"]["stop"].IsString()) spec["stop"] = nullptr;
  json::Object patch{{"metadata", json::Object{{"annotations", std::move(annotations)}}}};
  if (!spec.empty()) patch["spec"] = std::move(spec);
  TRY(asked.object, session.Send(kube::Patch(run.resource, run.key, patch, {.write = options})));
  return asked;
}

}  // namespace coreflow::cli
