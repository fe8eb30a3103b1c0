#include "pkg/api/reasons.h"

#include <algorithm>
#include <array>
#include <ostream>

#include "pkg/base/check.h"

namespace coreflow::api {
namespace {

using enum Reason;
using C = ReasonClass;

constexpr auto kTable = std::to_array<ReasonInfo>({
    {kSuspended, "Suspended", C::kUser, false,
     "The workflow or job is suspended, so nothing new starts; running attempts go on.",
     "Set `spec.suspend` to false."},
    {kNamespaceClaimed, "NamespaceClaimed", C::kConfig, true,
     "Another CoreFlow installation owns the namespace, so this one leaves it alone.",
     "Read the Lease `coreflow-claim` in the namespace, and give each installation its own namespaces."},
    {kNewerFormat, "NewerFormat", C::kConfig, true,
     "What is stored of the run was written by a newer CoreFlow, which this one does not know how to read.",
     "Upgrade the operator to the version that the message names, or newer."},
    {kMisconfigured, "Misconfigured", C::kConfig, true,
     "Something that the pod refers to does not exist or is not usable: a secret, a config map, a service account, a "
     "volume, a template, a malformed image name.",
     "Create or correct what the message names; the step goes on by itself."},
    {kNeverFits, "NeverFits", C::kConfig, true,
     "The step alone asks for more than a resource quota of its namespace allows for all together.",
     "Ask for less, or raise the quota that the message names."},
    {kDependenciesRunning, "DependenciesRunning", C::kNormal, false,
     "Steps that this one depends on have not ended yet.", ""},
    {kConcurrencyLimit, "ConcurrencyLimit", C::kNormal, false, "As many attempts are running as `parallelism` allows.",
     "Raise `parallelism` if more may run at once."},
    {kWaitingForQuota, "WaitingForQuota", C::kCapacity, false,
     "A resource quota of the namespace has no room for the pod now.",
     "Wait until other pods end, or raise the quota that the message names."},
    {kWaitingForCapacity, "WaitingForCapacity", C::kCapacity, false,
     "The pod exists, and the scheduler has found no node with room for it yet.",
     "Wait for other pods to end or for the autoscaler; the message says what the scheduler lacks."},
    {kBackingOff, "BackingOff", C::kNormal, false, "The last attempt failed, and the next one waits for its back-off.",
     ""},
    {kImagePullError, "ImagePullError", C::kInfrastructure, true, "The node cannot pull an image of the pod.",
     "Check the image's name, the registry and the pull secrets; the kubelet tries again by itself."},
    {kStarting, "Starting", C::kInfrastructure, false, "The pod has a node, which is preparing its containers.", ""},
    {kPendingEvaluation, "PendingEvaluation", C::kNormal, false, "CoreFlow has not looked at it yet.", ""},

    {kRunning, "Running", C::kActive, false, "At least one attempt is running, and nothing holds the run up.", ""},
    {kFinalizing, "Finalizing", C::kActive, false, "The other steps have ended, and the steps of `finally` run.", ""},
    {kStopping, "Stopping", C::kActive, false,
     "The run is being ended by `spec.stop`, its deadline or an edit: nothing new starts, and what runs is being "
     "waited for or ended.",
     ""},

    {kSucceeded, "Succeeded", C::kSuccess, false, "It did what it was to do.", ""},
    {kCacheHit, "CacheHit", C::kSuccess, false, "The step's result was in the cache, so it did not run.", ""},
    {kReused, "Reused", C::kSuccess, false,
     "The step succeeded in the run named by `spec.retryFrom` and is unchanged, so its result was taken from there.",
     ""},

    {kWhenFalse, "WhenFalse", C::kSkip, false, "The step's `when` was false.", ""},
    {kParentSkipped, "ParentSkipped", C::kSkip, false, "A step that this one depends on was skipped.",
     "Set `runAfter: Finished` if the step is to run all the same."},
    {kRunAfterNotMet, "RunAfterNotMet", C::kSkip, false,
     "The steps that this one depends on did not end the way its `runAfter` asks for.", ""},
    {kDependencyFailed, "DependencyFailed", C::kSkip, false,
     "A step that this one depends on failed, or could not run itself.", "Mend the step that failed first."},
    {kFailFast, "FailFast", C::kSkip, false, "Another step failed, and `failFast` starts nothing after that.",
     "Set `failFast: false` if independent steps are to go on after a failure."},

    {kInvalidSpec, "InvalidSpec", C::kFailure, true, "The specification has problems, so nothing was started.",
     "Correct the fields that the message names; `coreflow lint` gives the same answers before you apply."},
    {kCommandFailed, "CommandFailed", C::kFailure, false,
     "The step's command ended with an exit code other than 0, or by a signal.", "Read the logs of the pod."},
    {kStartError, "StartError", C::kFailure, false,
     "The container could not be started: the command does not exist in the image, or may not be run.",
     "Correct `command`, `image` or `workingDir`."},
    {kOutOfMemory, "OutOfMemory", C::kFailure, false, "A container used more memory than its limit and was killed.",
     "Raise the memory limit, `resources.limits.memory`."},
    {kOutputsInvalid, "OutputsInvalid", C::kFailure, false,
     "What was written as outputs is not what `outputs` declares: an unknown, missing or doubled name, a wrong type, "
     "or "
     "bytes that are not UTF-8.",
     "Correct what is written to `$COREFLOW_OUTPUT`, or the declaration."},
    {kOutputsTooLarge, "OutputsTooLarge", C::kFailure, false,
     "More was written as outputs than Kubernetes keeps of a container, so its beginning is lost.",
     "Declare the outputs with `large: true` for up to 1 MiB, or write less; larger results belong in artifacts."},
    {kArtifactFailed, "ArtifactFailed", C::kFailure, false,
     "An artifact that the step should have left could not be kept, or one that it takes could not be brought.",
     "The message says which one and why: correct its `path`, mark it `optional`, or look at the store."},
    {kExpressionFailed, "ExpressionFailed", C::kFailure, false,
     "An expression could not be evaluated with the values of this run.",
     "Correct the expression that the message names."},
    {kRetriesExhausted, "RetriesExhausted", C::kFailure, false,
     "The last attempt that `retryPolicy.limit` allows has failed.", "The message says how the last attempt ended."},
    {kItemsFailed, "ItemsFailed", C::kFailure, false, "Items of a `forEach`, or indexes of a job, failed.",
     "The message names the first ones."},
    {kTooManyFailedIndexes, "TooManyFailedIndexes", C::kFailure, false,
     "More indexes of the job failed than `maxFailedIndexes` allows, so the others were ended.",
     "The message names the first ones."},
    {kStepFailed, "StepFailed", C::kFailure, false, "A step of the run failed.",
     "Look at the step that the message names."},
    {kFinallyFailed, "FinallyFailed", C::kFailure, false, "Every other step did well, and a step of `finally` failed.",
     "Look at the step that the message names."},

    {kTimeout, "Timeout", C::kTimeout, false, "The attempt ran longer than the step's `timeoutSeconds`.",
     "Raise `timeoutSeconds`, or make the step faster."},
    {kDeadlineExceeded, "DeadlineExceeded", C::kTimeout, false, "The run took longer than its `timeoutSeconds`.",
     "Raise `spec.timeoutSeconds`; it may be raised while the run goes on."},
    {kStopped, "Stopped", C::kCancellation, false, "Somebody stopped it with `spec.stop`, or deleted it.", ""},
    {kSuperseded, "Superseded", C::kCancellation, false,
     "The specification was edited, and `onChange: Restart` ended the run to start a new one.", ""},

    {kPodDeleted, "PodDeleted", C::kError, false, "Somebody or something deleted the pod before it had ended.",
     "Find out who deletes pods in the namespace; `retryPolicy.infrastructureLimit` says how often it starts again."},
    {kNodeLost, "NodeLost", C::kError, false, "The node of the pod went away or was silent for too long.",
     "Look at the node; `retryPolicy.infrastructureLimit` says how often the step starts again."},
    {kEvicted, "Evicted", C::kError, false,
     "The pod was evicted: the node ran short of memory or disk, or was drained.",
     "Ask for the memory and disk that the step really uses."},
    {kPreempted, "Preempted", C::kError, false, "The scheduler removed the pod to make room for a more important one.",
     "Give the step a higher `pod.priorityClassName` if it may not be interrupted."},
    {kPodRejected, "PodRejected", C::kError, false,
     "The node refused the pod after it was scheduled there, for example because its room was taken meanwhile.", ""},
    {kPodFailed, "PodFailed", C::kError, true, "The pod failed, and Kubernetes gives no cause that CoreFlow knows.",
     "Look at the pod's status, which the message quotes."},
    {kInternalError, "InternalError", C::kError, true, "CoreFlow itself could not go on with it.",
     "Please report it, with the message."},
});

constexpr bool InEnumOrder() {
  for (size_t i = 0; i < kTable.size(); ++i) {
    if (static_cast<size_t>(kTable[i].reason) != i) return false;
  }
  return kTable.size() == static_cast<size_t>(kInternalError) + 1;
}
static_assert(InEnumOrder(), "Info() finds a reason by its place");

void AppendSection(std::string_view title, Reason first, Reason last, std::string& page) {
  page.append("\n## ").append(title).append("\n");
  for (const ReasonInfo& info : kTable) {
    if (info.reason < first || info.reason > last) continue;
    page.append("\n### ").append(info.token).append("\n").append(info.meaning);
    if (!info.remedy.empty()) page.append(" ").append(info.remedy);
    page.append("\n\nClass: ").append(Token(info.cls)).append(info.alert ? ", worth an alert when it lasts.\n" : ".\n");
  }
}

}  // namespace

std::span<const ReasonInfo> Reasons() { return kTable; }

const ReasonInfo& Info(Reason reason) {
  CHECK(static_cast<size_t>(reason) < kTable.size(), "a Reason is one of the enumerators");
  return kTable[static_cast<size_t>(reason)];
}

std::string_view Token(Reason reason) { return Info(reason).token; }

std::string_view Token(ReasonClass cls) {
  switch (cls) {
    case C::kUser: return "user";
    case C::kConfig: return "config";
    case C::kNormal: return "normal";
    case C::kCapacity: return "capacity";
    case C::kInfrastructure: return "infrastructure";
    case C::kActive: return "active";
    case C::kSuccess: return "success";
    case C::kSkip: return "skip";
    case C::kFailure: return "failure";
    case C::kTimeout: return "timeout";
    case C::kCancellation: return "cancellation";
    case C::kError: return "error";
  }
  return "";
}

std::optional<Reason> ParseReason(std::string_view token) {
  const auto* it = std::find_if(kTable.begin(), kTable.end(), [&](const ReasonInfo& i) { return i.token == token; });
  if (it == kTable.end()) return std::nullopt;
  return it->reason;
}

bool IsWaiting(Reason reason) { return Info(reason).cls < C::kActive; }

bool IsEnd(Reason reason) { return Info(reason).cls > C::kActive; }

Reason MoreStructural(Reason a, Reason b) {
  CHECK(IsWaiting(a) && IsWaiting(b), "only waiting reasons have an order");
  return std::min(a, b);
}

std::string ReasonsPage() {
  std::string page =
      "# Reasons\n\n"
      "A step or run that waits or has ended has exactly one reason. The same word stands in the conditions and\n"
      "`status.steps` of the object, in its events, in the metric label `reason`, and in what the command line "
      "prints.\n"
      "The list is closed. This page is made from `pkg/api/reasons.cc` by `make generate`.\n";
  AppendSection("Waiting, most structural first: the first that holds is the reason", kSuspended, kPendingEvaluation,
                page);
  AppendSection("Under way", kRunning, kStopping, page);
  AppendSection("Ended well", kSucceeded, kReused, page);
  AppendSection("Never ran", kWhenFalse, kFailFast, page);
  AppendSection("Failed", kInvalidSpec, kFinallyFailed, page);
  AppendSection("Out of time, or ended by somebody", kTimeout, kSuperseded, page);
  AppendSection("Ended by the cluster", kPodDeleted, kInternalError, page);
  return page;
}

void PrintTo(Reason reason, std::ostream* out) { *out << Token(reason); }

}  // namespace coreflow::api
