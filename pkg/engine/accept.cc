#include "pkg/engine/accept.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "pkg/api/types.gen.h"
#include "pkg/api/validate.h"
#include "pkg/json/bind.h"

namespace coreflow::engine {

namespace {

constexpr size_t kProblemsTold = 20;
constexpr size_t kMaxMessage = 900;

template <typename Object>
Accepted AcceptObject(const json::Value& spec, const std::string& name, const std::string& namespace_name) {
  using Spec = decltype(Object::spec);
  json::Bound<Spec> bound = json::Bind<Spec>(spec, json::UnknownFields::kIgnore, ".spec");
  Accepted accepted{.problems = std::move(bound.problems)};
  if (!accepted.problems.empty()) return accepted;
  Object object;
  object.metadata.name = name;
  object.metadata.namespace_ = namespace_name;
  object.spec = std::move(bound.value);
  accepted.problems = api::Validate(object);
  graph::Compiled compiled = graph::Compile(api::Resolve(object));
  for (json::Problem& problem : compiled.problems) accepted.problems.push_back(std::move(problem));
  if (accepted.problems.empty()) accepted.graph = std::move(compiled.graph);
  return accepted;
}

template <typename Object>
Object Read(const json::Value& spec) {
  Object object;
  object.spec = json::Bind<decltype(Object::spec)>(spec).value;
  return object;
}

}  // namespace

Accepted Accept(Kind kind, const json::Value& spec, const std::string& name, const std::string& namespace_name) {
  return kind == Kind::kJob ? AcceptObject<api::Job>(spec, name, namespace_name)
                            : AcceptObject<api::Workflow>(spec, name, namespace_name);
}

std::string DescribeProblems(const std::vector<json::Problem>& problems) {
  std::string text;
  for (size_t i = 0; i < problems.size(); ++i) {
    std::string next = fmt::format("{}: {}", problems[i].path, problems[i].message);
    if (i >= kProblemsTold || text.size() + next.size() > kMaxMessage) {
      return fmt::format("{}; and {} more", text, problems.size() - i);
    }
    text += (text.empty() ? "" : "; ") + next;
  }
  return text;
}

api::RunControls ControlsOf(Kind kind, const json::Value& spec) {
  api::RunControls controls =
      kind == Kind::kJob ? api::Controls(Read<api::Job>(spec)) : api::Controls(Read<api::Workflow>(spec));
  // What the schema forbids may stand there all the same, and times are added up.
  for (auto* seconds : {&controls.timeout_seconds, &controls.ttl_seconds_after_finished}) {
    if (*seconds) *seconds = std::clamp<int64_t>(**seconds, 0, std::numeric_limits<int32_t>::max());
  }
  return controls;
}

api::OnChange OnChangeOf(Kind kind, const json::Value& spec) {
  if (kind == Kind::kJob) return api::OnChange::kRunAfter;
  return Read<api::Workflow>(spec).spec.on_change.value_or(api::OnChange::kRunAfter);
}

json::Value PinnedBody(int32_t run, const std::string& digest, const api::ResolvedRun& source,
                       const std::optional<api::RetryFrom>& from, const std::string& traceparent) {
  json::Array arguments;
  for (const auto& parameter : source.parameters) {
    arguments.push_back(json::Object{{"name", parameter.name}, {"value", parameter.value}});
  }
  json::Object spec = api::ToJson(source).Members();
  if (!traceparent.empty()) spec["traceparent"] = traceparent;
  json::Object body{{"run", run},
                    {"index", 0},
                    {"format", api::ResolvedRun::kFormat},
                    {"digest", digest},
                    {"arguments", std::move(arguments)},
                    {"spec", std::move(spec)}};
  if (from) body["retryFrom"] = json::ToJson(*from);
  return body;
}

Result<std::shared_ptr<const graph::Graph>> CompilePinned(const std::map<int32_t, json::Value>& records) {
  const auto first = records.find(0);
  if (first == records.end()) return Error{.code = Code::kInvalid, .message = "record 0 of the run is gone"};
  TRY(api::ResolvedRun pinned, api::FromJson(first->second["spec"]));
  graph::Compiled compiled = graph::Compile(std::move(pinned));
  if (compiled.graph) return std::move(compiled.graph);
  return Error{.code = Code::kInvalid,
               .message = "record 0 of the run can't be used: " + DescribeProblems(compiled.problems)};
}

}  // namespace coreflow::engine
