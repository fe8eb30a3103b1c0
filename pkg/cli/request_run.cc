#include "pkg/cli/request_run.h"

#include "pkg/cli/manifest.h"
#include "pkg/cli/run_view.h"

namespace coreflow::cli {

Result<FoundRun> RequestRun(Session& session, const FoundRun& run, const std::vector<std::string>& arguments,
                            bool dry_run) {
  json::Object spec;
  if (!arguments.empty()) {
    TRY(json::Value changed, WithArguments(run.object, arguments));
    spec["arguments"] = changed["spec"]["arguments"];
  }
  if (run.object["spec"]["stop"].IsString()) spec["stop"] = nullptr;
  const json::Object annotations{{kRunRequestedAt, FormatMicroTime(session.environment().loop.Now())}};
  json::Object patch{{"metadata", json::Object{{"annotations", annotations}}}};
  if (!spec.empty()) patch["spec"] = std::move(spec);
  TRY(json::Value object, session.Send(kube::Patch(run.resource, run.key, patch,
                                                   {.write = {.field_manager = kFieldManager, .dry_run = dry_run}})));
  return FoundRun{.resource = run.resource, .key = run.key, .object = std::move(object)};
}

}  // namespace coreflow::cli
