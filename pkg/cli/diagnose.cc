#include "pkg/cli/diagnose.h"

#include <fmt/format.h>

#include <cstdlib>

#include "pkg/cli/ago.h"
#include "pkg/cli/table.h"
#include "pkg/engine/names.h"

namespace coreflow::cli {

namespace {

constexpr Duration kStaleLease = std::chrono::seconds(60);
constexpr Duration kClockError = std::chrono::seconds(5);

enum class Verdict { kGood, kBad, kUnknown };

// What was looked at, one line each.
class Findings {
 public:
  void Add(const std::string& what, Verdict verdict, const std::string& detail) {
    constexpr const char* kWords[] = {"ok", "PROBLEM", "unknown"};
    table_.Add({what, kWords[static_cast<size_t>(verdict)], detail});
    bad_ = bad_ || verdict == Verdict::kBad;
  }
  // Of a request that has to work.
  template <typename T>
  bool Add(const std::string& what, const Result<T>& result, const std::string& good) {
    Add(what, result ? Verdict::kGood : Verdict::kBad, result ? good : result.error().message);
    return result.has_value();
  }
  std::string Text() const { return table_.Text(); }
  bool bad() const { return bad_; }

 private:
  Table table_{{"CHECK", "RESULT", "DETAIL"}};
  bool bad_ = false;
};

Result<json::Value> ListOne(Session& session, const kube::Resource& resource) {
  return session.Send(kube::List(resource, {.ns = session.ns()}, {.limit = 1}));
}

// Makes a workflow that is never stored: permission, admission and the clock in one.
void CheckCreate(Session& session, Findings& findings) {
  const json::Value step = json::Object{{"name", "probe"}, {"image", "busybox"}};
  const json::Value probe =
      json::Object{{"apiVersion", kube::ApiVersion(kube::kWorkflows)},
                   {"kind", kube::kWorkflows.kind},
                   {"metadata", json::Object{{"generateName", "coreflow-doctor-"}, {"namespace", session.ns()}}},
                   {"spec", json::Object{{"steps", json::Array{step}}}}};
  const auto made = session.Send(
      kube::Create(kube::kWorkflows, session.ns(), probe, {.field_manager = kFieldManager, .dry_run = true}));
  if (!findings.Add("start workflows", made, "a dry run was accepted")) return;
  const auto there = ParseTime((*made)["metadata"]["creationTimestamp"].StringOr(""));
  if (!there) return;
  const Duration apart = session.environment().loop.Now() - *there;
  const Duration error = std::chrono::abs(apart);
  findings.Add("clock", error > kClockError ? Verdict::kBad : Verdict::kGood,
               error > kClockError ? fmt::format("this machine is {} {} the server; ages are wrong by as much",
                                                 Short(error), apart.count() < 0 ? "behind" : "ahead of")
                                   : "as the server's");
}

void CheckParts(Session& session, Findings& findings) {
  for (const kube::Resource& resource : {kube::kWorkflowRecords, kube::kPods, kube::kEvents}) {
    findings.Add(fmt::format("read {}", resource.plural), ListOne(session, resource), "yes");
  }
}

// The claim on the namespace names the install; its Lease says whether one of its replicas lives.
void CheckOperator(Session& session, Findings& findings) {
  const auto claim = session.Send(kube::Get(kube::kLeases, {.ns = session.ns(), .name = engine::kClaimName}));
  if (!claim) {
    const bool none = claim.error().code == Code::kNotFound;
    findings.Add(
        "operator", Verdict::kUnknown,
        none ? "none has claimed this namespace yet; the first run makes one claim it" : claim.error().message);
    return;
  }
  const std::string owner = (*claim)["spec"]["holderIdentity"].StringOr("");
  const size_t slash = owner.find('/');
  if (slash == std::string::npos) return findings.Add("operator", Verdict::kUnknown, "claimed by " + owner);
  const auto lease =
      session.Send(kube::Get(kube::kLeases, {.ns = owner.substr(0, slash), .name = owner.substr(slash + 1)}));
  if (!lease) {
    return findings.Add(
        "operator", Verdict::kUnknown,
        fmt::format("{} has claimed the namespace; whether it runs can't be seen: {}", owner, lease.error().message));
  }
  const auto renewed = ParseTime((*lease)["spec"]["renewTime"].StringOr(""));
  const Duration age = renewed ? session.environment().loop.Now() - *renewed : kStaleLease * 2;
  const std::string holder = (*lease)["spec"]["holderIdentity"].StringOr("nobody");
  if (age > kStaleLease) {
    return findings.Add("operator", Verdict::kBad,
                        fmt::format("{} has claimed the namespace, and none of its replicas has been heard of for {}: "
                                    "is it running?",
                                    owner, Short(age)));
  }
  findings.Add("operator", Verdict::kGood, fmt::format("{}, led by {}", owner, holder));
}

}  // namespace

Result<Diagnosis> Diagnose(Session& session) {
  Findings findings;
  const auto workflows = ListOne(session, kube::kWorkflows);
  if (!workflows && workflows.error().code == Code::kCancelled) return workflows.error();
  findings.Add("server", workflows, fmt::format("{} knows workflows.coreflow.dev", session.server()));
  if (workflows || workflows.error().code == Code::kForbidden) {
    CheckCreate(session, findings);
    CheckParts(session, findings);
    CheckOperator(session, findings);
  }
  return Diagnosis{.text = findings.Text(), .bad = findings.bad()};
}

}  // namespace coreflow::cli
