#include "pkg/engine/item_key.h"

#include <fmt/format.h>

#include "pkg/engine/filled_step.h"
#include "pkg/json/bind.h"
#include "pkg/json/write.h"

namespace coreflow::engine {

namespace {

using json::Value;

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

// What is there, and where; whoever made it.
std::string ContentOf(const FilledInput& input) {
  std::string content = input.source->path;
  if (input.source->list) content += " list";
  for (const artifact::Artifact& artifact : input.artifacts) {
    content += fmt::format(" {}:{}", json::EnumName(artifact.archive), artifact.digest);
  }
  return content;
}

}  // namespace

Result<StepKey> KeyOf(const Progress& progress, ItemId id) {
  TRY(const FilledStep filled, FillStep(progress, id));
  return KeyOf(filled, progress.definition(id.step), id.item);
}

StepKey KeyOf(const FilledStep& filled, const graph::Step& step, int32_t item) {
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
  for (const FilledInput& input : filled.inputs) key.parts["input " + input.source->name] = ContentOf(input);
  for (const auto& output : step.output_artifacts) {
    key.parts["artifact " + output.name] = fmt::format("{} {}", json::EnumName(output.archive), output.path);
  }
  if (filled.source->cache && !filled.source->cache->salt.empty()) key.parts["salt"] = filled.source->cache->salt;
  if (filled.item) key.parts["item"] = graph::ToText(*filled.item);
  // The indexes of a Job are all that its pods differ in.
  if (step.completions) key.parts["index"] = std::to_string(item);
  return key;
}

}  // namespace coreflow::engine
