#include "pkg/cli/check_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "pkg/api/types.gen.h"
#include "pkg/base/closest.h"
#include "pkg/cli/format.h"
#include "pkg/cli/manifest.h"
#include "pkg/engine/accept.h"
#include "pkg/json/bind.h"
#include "pkg/yaml/yaml.h"

namespace coreflow::cli {

namespace {

using json::Problem;

// Fields that the API server would not know.
std::vector<Problem> UnknownFields(const json::Value& object) {
  const json::Value& spec = object["spec"];
  std::vector<Problem> problems =
      KindOf(object) == engine::Kind::kJob
          ? json::Bind<api::JobSpec>(spec, json::UnknownFields::kProblem, ".spec").problems
          : json::Bind<api::WorkflowSpec>(spec, json::UnknownFields::kProblem, ".spec").problems;
  json::Binder binder;
  binder.ReportUnknown(object, {"apiVersion", "kind", "metadata", "spec", "status"});
  for (Problem& problem : binder.Take()) problems.push_back(std::move(problem));
  return problems;
}

std::vector<Problem> ProblemsOfObject(const json::Value& object) {
  std::vector<Problem> problems = UnknownFields(object);
  const std::string generated = object["metadata"]["generateName"].StringOr("");
  const bool has_name = !NameOf(object).empty();
  if (!has_name && generated.empty()) problems.push_back({".metadata.name", "required"});
  const std::string name = has_name ? NameOf(object) : generated.empty() ? "x" : generated + "x";
  for (Problem& problem : engine::Accept(KindOf(object), object["spec"], name, NamespaceOf(object)).problems) {
    if (std::ranges::find(problems, problem) == problems.end()) problems.push_back(std::move(problem));
  }
  return problems;
}

void CheckDocument(const json::Value& document, const yaml::DocumentMarks& marks, const std::string& root,
                   std::vector<Finding>& findings) {
  if (document["kind"].StringOr("") == "List") {
    for (size_t i = 0; i < document["items"].Elements().size(); ++i) {
      CheckDocument(document["items"].Elements()[i], marks, fmt::format("{}.items[{}]", root, i), findings);
    }
    return;
  }
  const std::string version = document["apiVersion"].StringOr("");
  const std::string kind = document["kind"].StringOr("");
  const bool ours = version.starts_with("coreflow.dev/");
  if (!ours && !kind.empty() && !version.empty()) return;  // something else's
  const auto add = [&](const std::string& path, std::string message) {
    findings.push_back({.mark = marks.Find(root + path),
                        .object = ours ? fmt::format("{}/{}", kind, NameOf(document)) : "",
                        .path = path,
                        .message = std::move(message)});
  };
  if (version != api::kApiVersion) {
    return add(".apiVersion", fmt::format("must be {}{}", api::kApiVersion, DidYouMean(version, {api::kApiVersion})));
  }
  if (kind == "WorkflowRecord" || kind == "Fence") return add(".kind", kind + " objects are written by CoreFlow only");
  if (kind != "Workflow" && kind != "Job") {
    return add(".kind", fmt::format("must be Workflow or Job{}", DidYouMean(kind, {"Workflow", "Job"})));
  }
  for (Problem& problem : ProblemsOfObject(document)) add(problem.path, std::move(problem.message));
}

}  // namespace

std::vector<Finding> CheckFile(std::string_view text) {
  std::vector<Finding> findings;
  const yaml::MarkedText marked = yaml::ReadMarks(text);
  bool doubled = false;
  for (const yaml::Remark& remark : marked.remarks) {
    findings.push_back({.mark = remark.mark, .error = remark.error, .message = remark.message});
    doubled = doubled || remark.error;
  }
  const auto documents = yaml::AllFromYaml(text);
  if (!documents) {
    // It ends at the first doubled name, of which all are told already.
    const auto remark = yaml::RemarkOf(documents.error());
    if (!doubled && remark) findings.push_back({.mark = remark->mark, .message = remark->message});
    if (!doubled && !remark) findings.push_back({.message = documents.error().message});
  } else {
    size_t at = 0;
    for (const json::Value& document : *documents) {
      while (at < marked.documents.size() && marked.documents[at].empty) ++at;
      static const yaml::DocumentMarks kNowhere;
      CheckDocument(document, at < marked.documents.size() ? marked.documents[at] : kNowhere, "", findings);
      ++at;
    }
  }
  std::ranges::stable_sort(findings, {}, &Finding::mark);
  return findings;
}

}  // namespace coreflow::cli
