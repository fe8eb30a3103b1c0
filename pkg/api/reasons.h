#pragma once

#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace coreflow::api {

// Why a step or run waits, what it is doing, or how it ended: exactly one of these at any time. The list is closed;
// the token is the same word in conditions, events, metric labels, command line and docs/reasons.md. A token, once
// released, is never renamed and never changes its meaning.
//
// Waiting reasons stand most structural first: when several hold, the first one in this order is the reason.
enum class Reason {
  // Waiting.
  kSuspended,
  kNamespaceClaimed,
  kNewerFormat,
  kMisconfigured,
  kNeverFits,
  kDependenciesRunning,
  kConcurrencyLimit,
  kWaitingForQuota,
  kWaitingForCapacity,
  kBackingOff,
  kImagePullError,
  kStarting,
  kPendingEvaluation,
  // Under way.
  kRunning,
  kFinalizing,
  kStopping,
  // Ended well.
  kSucceeded,
  kCacheHit,
  kReused,
  // Never ran.
  kWhenFalse,
  kParentSkipped,
  kRunAfterNotMet,
  kDependencyFailed,
  kFailFast,
  // Ended by what the user wrote.
  kInvalidSpec,
  kCommandFailed,
  kStartError,
  kOutOfMemory,
  kOutputsInvalid,
  kOutputsTooLarge,
  kArtifactFailed,
  kExpressionFailed,
  kRetriesExhausted,
  kItemsFailed,
  kTooManyFailedIndexes,
  kStepFailed,
  kFinallyFailed,
  // Ended by time or by somebody.
  kTimeout,
  kDeadlineExceeded,
  kStopped,
  kSuperseded,
  // Ended by the cluster.
  kPodDeleted,
  kNodeLost,
  kEvicted,
  kPreempted,
  kPodRejected,
  kPodFailed,
  kInternalError,
};

// Who has to do with it. The classes of ended reasons are the values of the metric label `result`.
enum class ReasonClass {
  // Waiting.
  kUser,            // until somebody does something
  kConfig,          // for ever, unless somebody mends it
  kNormal,          // as the workflow says
  kCapacity,        // until there is room
  kInfrastructure,  // on the node
  // Under way.
  kActive,
  // Ended.
  kSuccess,
  kSkip,
  kFailure,  // what the user wrote or ran failed
  kTimeout,
  kCancellation,
  kError,  // the cluster or CoreFlow failed
};

struct ReasonInfo {
  Reason reason = Reason::kPendingEvaluation;
  std::string_view token = {};  // "WaitingForCapacity"
  ReasonClass cls = ReasonClass::kNormal;
  bool alert = false;             // somebody should be told when it lasts
  std::string_view meaning = {};  // one sentence
  std::string_view remedy = {};   // what to do about it: one sentence, empty when nothing is to be done
};

// Every reason, in the order of the enum.
std::span<const ReasonInfo> Reasons();

const ReasonInfo& Info(Reason reason);
std::string_view Token(Reason reason);

// "user", "config", "normal", "capacity", "infrastructure", "active", "success", "skip", "failure",
// "timeout", "cancellation" or "error".
std::string_view Token(ReasonClass cls);

// The reason with that token; nullopt when there is none.
std::optional<Reason> ParseReason(std::string_view token);

bool IsWaiting(Reason reason);
bool IsEnd(Reason reason);

// The one to show when both hold. REQUIRES: IsWaiting of both.
Reason MoreStructural(Reason a, Reason b);

// The page docs/reasons.md, from the table.
std::string ReasonsPage();

void PrintTo(Reason reason, std::ostream* out);

}  // namespace coreflow::api
