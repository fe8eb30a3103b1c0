#include "tests/sim/facts.h"

#include "pkg/apiserver/object.h"
#include "pkg/artifact/artifact.h"
#include "pkg/artifact/executor_message.h"
#include "tests/sim/process.h"

namespace coreflow::sim {

PodFacts FactsOf(const json::Value& pod) {
  const engine::PodView view = engine::ParsePod(pod);
  PodFacts facts{.uid = view.uid,
                 .key = apiserver::KeyOf(apiserver::Pods(), view.namespace_name, view.name),
                 .owner_uid = view.owner_uid,
                 .step = view.step,
                 .attempt = view.facts.value_or(engine::AttemptFacts{}),
                 .ours = view.facts && !view.owner_uid.empty() && !view.run_id.empty()};
  facts.succeeded = view.phase == "Succeeded";
  facts.deleting = view.deletion_time.has_value();
  facts.over = facts.succeeded || view.phase == "Failed" || (facts.deleting && view.deletion_grace_seconds == 0);
  facts.wrote = !view.termination_message.empty();
  if (const auto message = artifact::ReadExecutorMessage(view.termination_message)) {
    const auto large = message->artifacts.find(artifact::kOutputsArtifact);
    if (large != message->artifacts.end()) facts.large_outputs = large->second.digest;
    facts.unfit = !message->problem.empty();
  }
  facts.ending = view.ending != engine::Ending::kNone;
  facts.held = view.has_finalizer;
  facts.evicted = view.phase == "Failed" && view.reason == "Evicted" && !facts.ending;
  facts.failed = view.phase == "Failed" && view.reason.empty() && view.ended && view.exit_code != 0 &&
                 view.exit_reason != "ContainerStatusUnknown" && !view.disrupted && !facts.deleting && !facts.ending;
  return facts;
}

bool ByOperator(const apiserver::AuditEntry& entry) { return entry.agent.starts_with(kOperatorAgent); }

}  // namespace coreflow::sim
