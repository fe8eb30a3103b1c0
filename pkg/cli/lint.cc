#include <fmt/format.h>

#include <algorithm>

#include "pkg/base/build_info.h"
#include "pkg/cli/check_file.h"
#include "pkg/cli/commands.h"
#include "pkg/cli/exit_code.h"
#include "pkg/json/write.h"

namespace coreflow::cli {

namespace {

using json::Array;
using json::Object;

struct Linted {
  std::string file = {};
  std::vector<Finding> findings = {};
};

const char* LevelOf(const Finding& finding) { return finding.error ? "error" : "warning"; }

std::string TextOf(const Finding& finding) {
  return finding.path.empty() ? finding.message : fmt::format("{}: {}", finding.path, finding.message);
}

std::string AsText(const std::vector<Linted>& all) {
  std::string text;
  for (const Linted& linted : all) {
    for (const Finding& finding : linted.findings) {
      text += fmt::format("{}:{}:{}: {}: {}\n", linted.file, finding.mark.line, finding.mark.column, LevelOf(finding),
                          TextOf(finding));
    }
  }
  return text;
}

json::Value AsJson(const std::vector<Linted>& all) {
  Array list;
  for (const Linted& linted : all) {
    for (const Finding& finding : linted.findings) {
      Object one{{"file", linted.file},
                 {"line", finding.mark.line},
                 {"column", finding.mark.column},
                 {"severity", LevelOf(finding)},
                 {"message", finding.message}};
      if (!finding.object.empty()) one["object"] = finding.object;
      if (!finding.path.empty()) one["path"] = finding.path;
      list.emplace_back(std::move(one));
    }
  }
  return list;
}

json::Value AsSarif(const std::vector<Linted>& all) {
  Array results;
  for (const Linted& linted : all) {
    for (const Finding& finding : linted.findings) {
      const Object region{{"startLine", finding.mark.line}, {"startColumn", finding.mark.column}};
      const Object place{{"artifactLocation", Object{{"uri", linted.file}}}, {"region", region}};
      results.emplace_back(Object{{"ruleId", finding.object.empty() ? "yaml" : "spec"},
                                  {"level", LevelOf(finding)},
                                  {"message", Object{{"text", TextOf(finding)}}},
                                  {"locations", Array{Object{{"physicalLocation", place}}}}});
    }
  }
  const auto rule = [](const char* id, const char* text) {
    return Object{{"id", id}, {"shortDescription", Object{{"text", text}}}};
  };
  const Object driver{{"name", "coreflow lint"},
                      {"version", Version()},
                      {"rules", Array{rule("spec", "The operator or the API server would refuse it"),
                                      rule("yaml", "The text is no YAML, or is read otherwise than it looks")}}};
  const Object run{{"tool", Object{{"driver", driver}}}, {"results", std::move(results)}};
  return Object{
      {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"}, {"version", "2.1.0"}, {"runs", Array{run}}};
}

Result<int> Lint(Environment& environment, const Arguments& arguments) {
  std::vector<Linted> all;
  size_t errors = 0;
  size_t warnings = 0;
  for (const std::string& file : arguments.words) {
    TRY(std::string text, file == "-" ? environment.read_stdin() : environment.read_file(file));
    all.push_back({.file = file == "-" ? "stdin" : file, .findings = CheckFile(text)});
    for (const Finding& finding : all.back().findings) ++(finding.error ? errors : warnings);
  }
  const std::string format = arguments.Text("output");
  if (format == "json") {
    environment.out(json::WriteIndented(AsJson(all)) + "\n");
  } else if (format == "sarif") {
    environment.out(json::WriteIndented(AsSarif(all)) + "\n");
  } else {
    environment.out(AsText(all));
  }
  environment.err(fmt::format("{} error{}, {} warning{} in {} file{}\n", errors, errors == 1 ? "" : "s", warnings,
                              warnings == 1 ? "" : "s", all.size(), all.size() == 1 ? "" : "s"));
  return errors > 0 || (warnings > 0 && arguments.Has("strict")) ? kError : kDone;
}

}  // namespace

Command LintCommand() {
  return {.name = "lint",
          .takes = "FILE...",
          .least = 1,
          .most = kAnyNumber,
          .summary = "Says what the operator would say of files, without a cluster.",
          .details =
              "All problems at once, with their places: fields that there are not, wrong types and values, unknown "
              "steps, cycles,\nexpressions. Warns about text that YAML reads otherwise than it looks. Objects of "
              "other kinds are passed over.",
          .example =
              "coreflow lint *.yaml\n"
              "coreflow lint word-count.yaml -o sarif > lint.sarif\n"
              "helm template . | coreflow lint -",
          .flags = {{.name = "output",
                     .letter = 'o',
                     .kind = FlagKind::kText,
                     .placeholder = "FORMAT",
                     .help = "what to print",
                     .choices = {"text", "json", "sarif"}},
                    {.name = "strict", .help = "warnings are errors, too"}},
          .run = Lint};
}

}  // namespace coreflow::cli
