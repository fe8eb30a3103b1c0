#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pkg/cli/commands.h"
#include "pkg/cli/exit_code.h"
#include "pkg/cli/expectation.h"
#include "pkg/cli/format.h"
#include "pkg/cli/manifest.h"
#include "pkg/cli/run_view.h"
#include "pkg/cli/step_table.h"
#include "pkg/cli/xml.h"
#include "pkg/engine/accept.h"
#include "pkg/json/write.h"
#include "pkg/scenario/read.h"
#include "pkg/yaml/yaml.h"

namespace coreflow::cli {

namespace {

using scenario::Case;
using scenario::Rehearsal;
using scenario::Rehearsed;
using scenario::Scenario;

Error Bad(std::string message) { return {.code = Code::kInvalid, .message = std::move(message)}; }

Result<void> NoProblems(const std::string& where, const std::vector<json::Problem>& problems) {
  if (problems.empty()) return {};
  std::string text;
  for (const json::Problem& problem : problems) {
    text += fmt::format("{}{}: {}: {}", text.empty() ? "" : "\n", where, problem.path, problem.message);
  }
  return Bad(text);
}

// The workflow of a scenario; a path is seen from the folder of the test's own file.
Result<json::Value> WorkflowOf(Environment& environment, const Scenario& scenario, const std::string& file) {
  std::vector<json::Value> objects;
  if (scenario.workflow.IsString()) {
    const std::string& path = scenario.workflow.AsString();
    const bool whole = path.starts_with("/") || file == "-";
    const size_t slash = file.rfind('/');
    const std::string folder = whole || slash == std::string::npos ? "" : file.substr(0, slash + 1);
    auto found = ReadManifest(environment, folder + path);
    if (!found) return Error{.code = found.error().code, .message = file + ": .workflow: " + found.error().message};
    objects = *std::move(found);
  } else {
    TRY(objects, ParseManifest(json::Write(scenario.workflow), file + ": .workflow"));
  }
  if (objects.size() != 1) return Bad(fmt::format("{}: .workflow must be one object, not {}", file, objects.size()));
  json::Value object = std::move(objects.front());
  if (NameOf(object).empty())
    object = WithMetadata(object, "name", object["metadata"]["generateName"].StringOr("") + "test");
  if (NamespaceOf(object).empty()) object = WithMetadata(object, "namespace", "default");
  return object;
}

// Its steps and their outputs; empty when it would not run.
scenario::Steps StepsOf(const json::Value& object) {
  scenario::Steps steps;
  const auto accepted = engine::Accept(KindOf(object), object["spec"], NameOf(object), NamespaceOf(object));
  if (!accepted.graph) return steps;
  for (const graph::Step& step : accepted.graph->steps) {
    for (const auto& output : step.outputs) steps[step.name].push_back(output.name);
    steps.try_emplace(step.name);
  }
  return steps;
}

// With the arguments of the case, before those that are there.
Result<json::Value> WithCase(const json::Value& object, const Case& one) {
  json::Array arguments;
  for (const api::Argument& argument : one.arguments) arguments.push_back(json::ToJson(argument));
  for (const json::Value& argument : object["spec"]["arguments"].Elements()) {
    const bool replaced = std::ranges::any_of(
        one.arguments, [&](const api::Argument& other) { return argument["name"] == json::Value(other.name); });
    if (!replaced) arguments.push_back(argument);
  }
  json::Value changed = arguments.empty() ? object : With(object, "spec", "arguments", std::move(arguments));
  if (const std::string problems = ProblemsOf(changed); !problems.empty()) {
    return Bad(fmt::format("{} would not run: {}", NameOf(changed), problems));
  }
  return changed;
}

// What came of one case.
struct Verdict {
  std::string file = {};
  std::string name = {};
  std::vector<std::string> unmet = {};
  std::string steps = {};  // the table, when something is unmet
  Duration took = {};
  int pods = 0;
};

Result<Verdict> Try(Environment& environment, const std::string& file, const Scenario& scenario, const Case& one,
                    const json::Value& workflow) {
  Verdict verdict{.file = file, .name = one.name};
  const auto object = WithCase(workflow, one);
  if (!object) {
    verdict.unmet.push_back(object.error().message);
    return verdict;
  }
  Rehearsal rehearsal{.object = *object, .rules = one.when, .events = one.events};
  rehearsal.rules.insert(rehearsal.rules.end(), scenario.when.begin(), scenario.when.end());
  TRY(const Rehearsed ended, environment.rehearse(rehearsal));
  const RunView view = ViewOf(ended.object, ended.records, ended.pods);
  verdict.unmet = Unmet(one, ended, view);
  verdict.took = ended.took;
  verdict.pods = ended.pods_made;
  if (!verdict.unmet.empty()) verdict.steps = StepTable(view, view.end.value_or(Time()), {});
  return verdict;
}

Result<std::vector<Verdict>> TryFile(Environment& environment, const std::string& file, const std::string& only) {
  TRY(const std::string text, file == "-" ? environment.read_stdin() : environment.read_file(file));
  auto documents = yaml::AllFromYaml(text);
  if (!documents) return Bad(file + ": " + documents.error().message);
  std::vector<Verdict> verdicts;
  for (const json::Value& document : *documents) {
    const auto read = scenario::ReadScenario(document);
    TRY_VOID(NoProblems(file, read.problems));
    TRY(const json::Value workflow, WorkflowOf(environment, read.scenario, file));
    if (const auto steps = StepsOf(workflow); !steps.empty()) {
      TRY_VOID(NoProblems(file, scenario::ProblemsWith(read.scenario, steps)));
    }
    for (const Case& one : read.scenario.cases) {
      if (one.name.find(only) == std::string::npos) continue;
      TRY(Verdict verdict, Try(environment, file, read.scenario, one, workflow));
      verdicts.push_back(std::move(verdict));
    }
  }
  return verdicts;
}

std::string Indented(const std::string& text) {
  std::string indented;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    indented += "  " + text.substr(begin, end - begin) + "\n";
    begin = end + 1;
  }
  return indented;
}

std::string AsText(const Verdict& verdict) {
  std::string text =
      fmt::format("{} {}: {} ({:.1f} s of virtual time, {} pod{})\n", verdict.unmet.empty() ? "ok  " : "FAIL",
                  verdict.file, verdict.name, ToSeconds(verdict.took), verdict.pods, verdict.pods == 1 ? "" : "s");
  for (const std::string& line : verdict.unmet) text += "  " + line + "\n";
  return text + Indented(verdict.steps);
}

std::string AsJunit(const std::vector<Verdict>& verdicts) {
  std::string text = fmt::format("<testsuite name=\"coreflow test\" tests=\"{}\">\n", verdicts.size());
  for (const Verdict& verdict : verdicts) {
    text += fmt::format(R"(  <testcase classname="{}" name="{}" time="{:.3f}">)", EscapeXml(verdict.file),
                        EscapeXml(verdict.name), ToSeconds(verdict.took));
    std::string unmet;
    for (const std::string& line : verdict.unmet) unmet += line + "\n";
    if (!unmet.empty()) text += fmt::format(R"(<failure message="{}"/>)", EscapeXml(unmet));
    text += "</testcase>\n";
  }
  return text + "</testsuite>\n";
}

Result<int> Test(Environment& environment, const Arguments& arguments) {
  std::vector<Verdict> verdicts;
  size_t failed = 0;
  const bool junit = arguments.Text("output") == "junit";
  for (const std::string& file : arguments.words) {
    TRY(const std::vector<Verdict> some, TryFile(environment, file, arguments.Text("case")));
    for (const Verdict& verdict : some) {
      failed += !verdict.unmet.empty();
      if (!junit) environment.out(AsText(verdict));
      verdicts.push_back(verdict);
    }
  }
  if (verdicts.empty()) return Error{.code = Code::kNotFound, .message = "no case has such a name"};
  if (junit) environment.out(AsJunit(verdicts));
  environment.err(fmt::format("{} passed, {} failed\n", verdicts.size() - failed, failed));
  return failed > 0 ? kError : kDone;
}

}  // namespace

Command TestCommand() {
  return {.name = "test",
          .takes = "FILE...",
          .least = 1,
          .most = kAnyNumber,
          .summary = "Tries a workflow in a simulated cluster, with the outcomes that a file tells.",
          .details =
              "Time is virtual: hours pass in milliseconds. What runs is the operator's own code; what the steps' "
              "programs do, the\nfile says, and with it what befalls pods and controllers, and what is to come of "
              "it.",
          .example =
              "coreflow test docs/examples/tests/*.yaml\n"
              "coreflow test word-count-test.yaml --case killed\n"
              "coreflow test word-count-test.yaml -o junit > results.xml",
          .flags = {{.name = "case",
                     .kind = FlagKind::kText,
                     .placeholder = "TEXT",
                     .help = "only cases with this in their name"},
                    {.name = "output",
                     .letter = 'o',
                     .kind = FlagKind::kText,
                     .placeholder = "FORMAT",
                     .help = "what to print",
                     .choices = {"text", "junit"}}},
          .run = Test};
}

}  // namespace coreflow::cli
