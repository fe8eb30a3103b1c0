#include "pkg/cli/find_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "pkg/api/names.h"
#include "pkg/base/closest.h"
#include "pkg/cli/format.h"

namespace coreflow::cli {

namespace {

// What was typed: a kind, if one was, and a name.
struct Named {
  bool workflows = true;
  bool jobs = true;
  std::string name = {};
};

Result<Named> Read(const std::string& typed) {
  const size_t slash = typed.find('/');
  if (slash == std::string::npos) return Named{.name = typed};
  std::string kind = typed.substr(0, slash);
  kind = kind.substr(0, kind.find('.'));
  Named named{.workflows = kind == "workflow" || kind == "workflows" || kind == "cfw",
              .jobs = kind == "job" || kind == "jobs" || kind == "cfj",
              .name = typed.substr(slash + 1)};
  if (!named.workflows && !named.jobs) {
    return Error{.code = Code::kInvalid,
                 .message = fmt::format("{} is no kind of run; there are workflow/NAME and job/NAME{}", kind,
                                        DidYouMean(kind, {"workflow", "job"}))};
  }
  return named;
}

FoundRun Found(json::Value object) {
  FoundRun found{.resource = ResourceOf(object), .key = {.ns = NamespaceOf(object), .name = NameOf(object)}};
  found.object = std::move(object);
  return found;
}

// No object of that name, although the server knows the kind.
bool IsMissing(const Error& error) {
  return error.code == Code::kNotFound && error.message.find("not found") != std::string::npos;
}

// The objects of exactly that name: none, one, or one of each kind. Who may see one kind only sees that.
Result<std::vector<FoundRun>> Exact(Session& session, const Named& named) {
  std::vector<FoundRun> found;
  std::optional<Error> denied;
  for (const kube::Resource& resource : {kube::kWorkflows, kube::kJobs}) {
    if (!(resource == kube::kJobs ? named.jobs : named.workflows)) continue;
    auto object = session.Send(kube::Get(resource, {.ns = session.ns(), .name = named.name}));
    if (object) {
      found.push_back(Found(*std::move(object)));
    } else if (object.error().code == Code::kForbidden) {
      denied = object.error();
    } else if (!IsMissing(object.error())) {
      return object.error();
    }
  }
  if (found.empty() && denied) return *denied;
  return found;
}

Error Ambiguous(const std::string& typed, const std::vector<json::Value>& candidates) {
  std::string names;
  for (const json::Value& candidate : candidates) names += (names.empty() ? "" : ", ") + QualifiedName(candidate);
  return {.code = Code::kInvalid, .message = fmt::format("{} may be any of {}", typed, names)};
}

Result<FoundRun> Latest(const std::vector<json::Value>& runs, const std::string& typed, const std::string& ns) {
  const json::Value* latest = nullptr;
  for (const json::Value& run : runs) {
    if (typed == "@failed" && run["status"]["state"].StringOr("") != "Failed") continue;
    if (latest == nullptr || StartOf(run) > StartOf(*latest)) latest = &run;
  }
  if (latest) return Found(*latest);
  return Error{.code = Code::kNotFound,
               .message = fmt::format("no run {}in namespace {}", typed == "@failed" ? "has failed " : "is ", ns)};
}

Result<FoundRun> Nearest(Session& session, const Named& named, const std::string& typed) {
  TRY(std::vector<json::Value> runs, ListRuns(session, {.ns = session.ns()}));
  if (typed == "@latest" || typed == "@failed") return Latest(runs, typed, session.ns());
  std::erase_if(
      runs, [&](const json::Value& run) { return !(ResourceOf(run) == kube::kJobs ? named.jobs : named.workflows); });
  std::vector<json::Value> beginning;
  for (const json::Value& run : runs) {
    if (!named.name.empty() && NameOf(run).starts_with(named.name)) beginning.push_back(run);
  }
  if (beginning.size() == 1) return Found(beginning.front());
  if (beginning.size() > 1) return Ambiguous(typed, beginning);
  std::vector<std::string> names;
  names.reserve(runs.size());
  for (const json::Value& run : runs) names.push_back(NameOf(run));
  return Error{.code = Code::kNotFound,
               .message = fmt::format("there is no Workflow or Job {} in namespace {}{}", typed, session.ns(),
                                      DidYouMean(named.name, {names.begin(), names.end()}))};
}

}  // namespace

kube::Resource ResourceOf(const json::Value& object) {
  return object["kind"].StringOr("") == kube::kJobs.kind ? kube::kJobs : kube::kWorkflows;
}

Time StartOf(const json::Value& object) {
  const std::string started = object["status"]["run"]["startTime"].StringOr("");
  return ParseTime(started.empty() ? object["metadata"]["creationTimestamp"].StringOr("") : started).value_or(Time{});
}

Result<std::vector<json::Value>> ListRuns(Session& session, const kube::Selection& selection) {
  TRY(std::vector<json::Value> runs, session.List(kube::kWorkflows, selection));
  TRY(std::vector<json::Value> jobs, session.List(kube::kJobs, selection));
  runs.insert(runs.end(), jobs.begin(), jobs.end());
  std::ranges::stable_sort(runs, {}, [](const json::Value& run) { return std::pair(NamespaceOf(run), NameOf(run)); });
  return runs;
}

Result<FoundRun> FindRun(Session& session, const std::string& typed) {
  TRY(Named named, Read(typed));
  if (api::IsObjectName(named.name)) {
    TRY(std::vector<FoundRun> exact, Exact(session, named));
    if (exact.size() == 1) return std::move(exact.front());
    if (exact.size() > 1) return Ambiguous(typed, {exact[0].object, exact[1].object});
  }
  return Nearest(session, named, typed);
}

}  // namespace coreflow::cli
