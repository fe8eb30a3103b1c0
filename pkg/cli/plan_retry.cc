#include "pkg/cli/plan_retry.h"

#include <fmt/format.h>

#include <map>
#include <optional>

#include "pkg/cli/manifest.h"
#include "pkg/cli/table.h"
#include "pkg/engine/accept.h"
#include "pkg/engine/ended_run.h"
#include "pkg/engine/names.h"

namespace coreflow::cli {

namespace {

Result<engine::EarlierRun> ReadEarlier(Session& session, const FoundRun& run, const engine::RunLookedUp& found) {
  const std::string labels = std::string(engine::kLabelRun) + "=" + engine::RunId(found.uid, found.number);
  TRY(const std::vector<json::Value> stored,
      session.List(kube::kWorkflowRecords, {.ns = run.key.ns, .labels = labels}));
  std::map<int32_t, json::Value> records;
  for (const json::Value& record : stored) records[static_cast<int32_t>(record["index"].IntOr(0))] = record;
  return engine::EarlierRun::Read({.name = found.asked.object,
                                   .namespace_name = run.key.ns,
                                   .uid = found.uid,
                                   .number = found.number,
                                   .creation_time = found.creation_time},
                                  records, {});
}

}  // namespace

Result<RetryPlan> PlanRetry(Session& session, const FoundRun& run, const api::RetryFrom& from) {
  const auto name = api::ParseRunName(from.run);
  if (!name) return Error{.code = Code::kInvalid, .message = from.run + " is no run: say NAME/NUMBER, such as etl/3"};
  TRY(const json::Value object, session.Send(kube::Get(run.resource, {.ns = run.key.ns, .name = name->object})));
  const engine::RunLookedUp found = engine::EndedRun(object, *name);
  if (!found.problem.empty()) return Error{.code = Code::kInvalid, .message = found.problem};
  TRY(const engine::EarlierRun earlier, ReadEarlier(session, run, found));
  const engine::Kind kind = KindOf(run.object);
  const engine::Accepted accepted = engine::Accept(kind, run.object["spec"], run.key.name, run.key.ns);
  if (!accepted.graph) return Error{.code = Code::kInvalid, .message = engine::DescribeProblems(accepted.problems)};
  const engine::ObjectView view = engine::ParseObject(kind, run.object);
  const engine::RunFacts facts{.name = view.name,
                               .namespace_name = view.namespace_name,
                               .uid = view.uid,
                               .number = static_cast<int32_t>(view.status["run"]["number"].IntOr(0)) + 1,
                               .creation_time = view.creation_time};
  return RetryPlan{.from = api::ToText({.object = name->object, .number = found.number}),
                   .reuse = engine::PlanReuse(accepted.graph, facts, earlier, {from.steps.begin(), from.steps.end()})};
}

std::string AsText(const std::string& name, const RetryPlan& plan) {
  Table table({"STEP", "REUSED", "TO RUN", "BECAUSE"});
  int64_t to_run = 0;
  bool more = false;
  for (const engine::StepReuse& step : plan.reuse.steps) {
    to_run += step.to_run.value_or(0);
    more = more || !step.to_run;
    table.Add({step.step, std::to_string(step.reused), step.to_run ? std::to_string(*step.to_run) : "?",
               OneLine(step.because)});
  }
  return fmt::format("{}: {} reused from {}, {}{} to run\n", name, plan.reuse.taken.size(), plan.from, to_run,
                     more ? " or more" : "") +
         table.Text();
}

}  // namespace coreflow::cli
