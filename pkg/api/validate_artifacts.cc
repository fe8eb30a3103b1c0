#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/api/names.h"
#include "pkg/api/validate_parts.h"

namespace coreflow::api {

namespace {

using json::Binder;

void CheckName(const std::string& name, std::set<std::string_view>& seen, Binder& binder) {
  Binder::Scope scope(binder, "name");
  if (!IsStepName(name)) {
    binder.Report("must be at most 40 lower-case letters, digits and '-', and start with a letter");
  } else if (!seen.insert(name).second) {
    binder.Report(fmt::format("there is another artifact with the name {}", name));
  }
}

bool IsBelow(std::string_view path, std::string_view folder) {
  return path == folder || (path.starts_with(folder) && path[folder.size()] == '/');
}

// Written as the kernel would write it, so that equal places are equal texts.
bool IsPlainPath(std::string_view path) {
  if (path.size() < 2 || path.front() != '/' || path.back() == '/') return false;
  for (const char* part : {"//", "/./", "/../", ":"}) {
    if (path.find(part) != std::string_view::npos) return false;
  }
  return !path.ends_with("/.") && !path.ends_with("/..") && path.find('\0') == std::string_view::npos;
}

void CheckPath(const std::string& path, Binder& binder) {
  Binder::Scope scope(binder, "path");
  if (HasExpression(path)) return binder.Report("can't have an expression: it is the same for every item and run");
  if (!IsPlainPath(path)) {
    return binder.Report(
        "must be an absolute path such as /data/model, without '//', '.', '..', ':' or '/' at its end");
  }
  for (const char* folder : {"/coreflow", "/proc", "/sys", "/dev"}) {
    if (IsBelow(path, folder)) binder.Report(fmt::format("{} is not the step's: use another path", folder));
  }
}

void CheckInputs(const std::vector<InputArtifact>& inputs, const json::Value& mounts, Binder& binder) {
  Binder::Scope scope(binder, "inputs");
  Binder::Scope list(binder, "artifacts");
  std::vector<std::string_view> taken;
  for (const json::Value& mount : mounts.Elements()) {
    if (mount["mountPath"].IsString()) taken.push_back(mount["mountPath"].AsString());
  }
  std::set<std::string_view> names;
  for (size_t i = 0; i < inputs.size(); ++i) {
    Binder::Scope element(binder, i);
    CheckName(inputs[i].name, names, binder);
    CheckPath(inputs[i].path, binder);
    Binder::Scope path(binder, "path");
    for (std::string_view other : taken) {
      if (!IsBelow(inputs[i].path, other) && !IsBelow(other, inputs[i].path)) continue;
      binder.Report(fmt::format("something else is at {}", other));
      break;
    }
    taken.push_back(inputs[i].path);
  }
}

// CoreFlow runs the command of a step that leaves more than Kubernetes keeps of it.
void CheckCommand(const Step& step, Binder& binder) {
  if (!step.command.empty() || step.script) return;
  const char* const why =
      "need a command or a script in the step: the image's own command is not known, so nobody could wait for its end";
  if (!step.output_artifacts.empty()) {
    Binder::Scope list(binder, "outputArtifacts");
    binder.Report(why);
  }
  if (step.archive_logs.value_or(false)) {
    Binder::Scope field(binder, "archiveLogs");
    binder.Report(std::string("kept logs ") + why);
  }
  if (std::ranges::any_of(step.outputs, [](const OutputDeclaration& output) { return output.large.value_or(false); })) {
    Binder::Scope list(binder, "outputs");
    binder.Report(std::string("that may be large ") + why);
  }
}

void CheckOutputs(const Step& step, Binder& binder) {
  CheckCommand(step, binder);
  Binder::Scope list(binder, "outputArtifacts");
  std::set<std::string_view> names;
  for (size_t i = 0; i < step.output_artifacts.size(); ++i) {
    Binder::Scope element(binder, i);
    CheckName(step.output_artifacts[i].name, names, binder);
    CheckPath(step.output_artifacts[i].path, binder);
  }
}

}  // namespace

void CheckArtifacts(const Step& step, Binder& binder) {
  if (step.inputs) CheckInputs(step.inputs->artifacts, step.volume_mounts, binder);
  CheckOutputs(step, binder);
}

}  // namespace coreflow::api
