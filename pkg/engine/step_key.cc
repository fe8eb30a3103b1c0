#include "pkg/engine/step_key.h"

#include <fmt/format.h>

#include "pkg/base/hash.h"
#include "pkg/engine/filled_step.h"
#include "pkg/json/write.h"

namespace coreflow::engine {

namespace {

using json::Value;

constexpr size_t kShort = 40;  // bytes of a value that is told as it is

// Lists and objects that hold nothing mean the same as none.
bool SaysNothing(const Value& value) {
  return value.IsNull() || (value.IsArray() && value.AsArray().empty()) ||
         (value.IsObject() && value.AsObject().empty());
}

std::string AsText(const Value& value) { return value.IsString() ? value.AsString() : json::WriteCanonical(value); }

void Add(StepKey& key, const std::string& name, const Value& value) {
  if (!SaysNothing(value)) key.parts[name] = AsText(value);
}

void AddEnvironment(StepKey& key, const Value& env) {
  for (const Value& variable : env.Elements()) {
    const Value& from = variable["valueFrom"];
    key.parts["env " + variable["name"].StringOr("")] =
        from.IsNull() ? variable["value"].StringOr("") : json::WriteCanonical(from);
  }
}

bool CanBeTold(const std::string& value) { return value.size() <= kShort && value.find('\n') == std::string::npos; }

}  // namespace

Result<StepKey> KeyOf(const Progress& progress, ItemId id) {
  TRY(const FilledStep filled, FillStep(progress, id));
  const graph::Step& step = progress.definition(id.step);
  StepKey key;
  for (const char* name : {"image", "command", "args", "workingDir", "envFrom", "volumeMounts"}) {
    Add(key, name, filled.fields[name]);
  }
  for (const char* name : {"volumes", "initContainers", "sidecars", "overrides"}) {
    Add(key, std::string("pod.") + name, filled.fields["pod"][name]);
  }
  AddEnvironment(key, filled.fields["env"]);
  if (filled.source->script) {
    key.parts["script"] = *filled.source->script;
    const auto& interpreter = filled.source->interpreter;
    key.parts["interpreter"] = json::Write(json::Array(interpreter.begin(), interpreter.end()));
  }
  for (const auto& [name, value] : filled.parameters) key.parts["parameter " + name] = graph::ToText(value);
  for (const auto& output : step.outputs) key.parts["output " + output.name] = json::EnumName(output.type);
  if (filled.item) key.parts["item"] = graph::ToText(*filled.item);
  // The indexes of a Job are all that its pods differ in.
  if (step.completions) key.parts["index"] = std::to_string(id.item);
  return key;
}

std::string DigestOf(const StepKey& key) {
  json::Object parts;
  for (const auto& [name, value] : key.parts) parts[name] = value;
  return "v1:" + Sha256Hex(json::Write(std::move(parts)));
}

std::vector<std::string> Differences(const StepKey& before, const StepKey& now) {
  std::vector<std::string> differences;
  for (const auto& [name, value] : before.parts) {
    auto it = now.parts.find(name);
    if (it == now.parts.end()) {
      differences.push_back(name + " removed");
    } else if (it->second != value) {
      const bool told = CanBeTold(value) && CanBeTold(it->second);
      differences.push_back(told ? fmt::format("{} {} → {}", name, value, it->second) : name + " changed");
    }
  }
  for (const auto& [name, value] : now.parts) {
    if (!before.parts.contains(name)) differences.push_back(name + " added");
  }
  return differences;
}

}  // namespace coreflow::engine
