#include "pkg/cli/numbered_run.h"

#include <fmt/format.h>

#include <charconv>
#include <set>
#include <utility>

#include "pkg/api/run_name.h"
#include "pkg/cli/format.h"

namespace coreflow::cli {

namespace {

struct Typed {
  std::string name = {};
  int64_t number = 0;  // 0: the last
};

// "workflow/3" is an object named 3, as it is elsewhere; "workflow/etl/3" and "@latest/3" are run 3.
Typed Read(const std::string& named) {
  static const std::set<std::string> kinds = {"workflow", "workflows", "cfw", "job", "jobs", "cfj"};
  const size_t slash = named.rfind('/');
  if (slash == std::string::npos || kinds.contains(named.substr(0, slash))) return {.name = named};
  const auto number = api::ParseRunName("x" + named.substr(slash));
  if (!number) return {.name = named};
  return {.name = named.substr(0, slash), .number = number->number};
}

int64_t NumberOf(const json::Value& object) { return object["status"]["run"]["number"].IntOr(0); }

// The object as its status was at the end of an earlier run.
Result<FoundRun> AsOf(const FoundRun& run, int64_t number) {
  std::vector<int64_t> numbers = {NumberOf(run.object)};
  const json::Array& previous = run.object["status"]["previousRuns"].Elements();
  for (size_t i = 0; i < previous.size(); ++i) {
    numbers.push_back(previous[i]["number"].IntOr(0));
    if (numbers.back() != number) continue;
    const bool succeeded = previous[i]["result"].StringOr("") == "Succeeded";
    json::Object condition{{"type", "Succeeded"},
                           {"status", succeeded ? "True" : "False"},
                           {"reason", previous[i]["reason"].StringOr("")}};
    json::Object status{{"run", previous[i]},
                        {"state", previous[i]["result"]},
                        {"conditions", json::Array{std::move(condition)}},
                        {"previousRuns", json::Array(previous.begin() + static_cast<int64_t>(i) + 1, previous.end())}};
    FoundRun found{.resource = run.resource, .key = run.key};
    json::Object object = run.object.Members();
    object["status"] = std::move(status);
    found.object = std::move(object);
    return found;
  }
  return Error{.code = Code::kNotFound,
               .message = fmt::format("{} has no run {}; it has {}", run.key.name, number, fmt::join(numbers, ", "))};
}

}  // namespace

Result<FoundRun> FindNumberedRun(Session& session, const std::string& named) {
  const Typed typed = Read(named);
  TRY(FoundRun run, FindRun(session, typed.name));
  const int64_t last = NumberOf(run.object);
  if (last == 0) return Error{.code = Code::kNotFound, .message = fmt::format("{} has not run yet", run.key.name)};
  if (typed.number == 0 || typed.number == last) return run;
  return AsOf(run, typed.number);
}

Result<FoundRun> RunBefore(const FoundRun& run) {
  const json::Array& previous = run.object["status"]["previousRuns"].Elements();
  if (!previous.empty()) return AsOf(run, previous.front()["number"].IntOr(0));
  return Error{
      .code = Code::kNotFound,
      .message = fmt::format("{} is the first run that is kept; say which one to compare it with", NumberedName(run))};
}

std::string NumberedName(const FoundRun& run) { return fmt::format("{}/{}", run.key.name, NumberOf(run.object)); }

}  // namespace coreflow::cli
