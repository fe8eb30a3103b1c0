#include "pkg/engine/scope.h"

#include <fmt/format.h>

#include <utility>

#include "pkg/cel/json.h"
#include "pkg/engine/progress.h"
#include "pkg/graph/scope.h"
#include "pkg/json/bind.h"

namespace coreflow::engine {

namespace {

using cel::Value;

Error NotSet(std::string message) { return {.code = Code::kNotFound, .message = std::move(message)}; }

// A struct whose fields come from a function. The function refers to the Progress of the evaluation.
template <typename Get>
class Fields final : public cel::Struct {
 public:
  Fields(cel::Type type, Get get) : type_(std::move(type)), get_(std::move(get)) {}
  const cel::Type& type() const override { return type_; }
  Result<Value> Field(std::string_view name) const override { return get_(name); }

 private:
  const cel::Type type_;
  const Get get_;
};

template <typename Get>
Value MakeStruct(cel::Type type, Get get) {
  return Value::Struct(std::make_shared<Fields<Get>>(std::move(type), std::move(get)));
}

const json::Object& OutputsOf(const Progress& progress, ItemId id) {
  static const json::Object kNone;
  const auto& outputs = progress.step(id.step).outputs;
  return static_cast<size_t>(id.item) < outputs.size() ? outputs[static_cast<size_t>(id.item)] : kNone;
}

Result<Value> TypedOutput(const Progress& progress, ItemId id, std::string_view name) {
  const graph::Step& step = progress.definition(id.step);
  const json::Object& outputs = OutputsOf(progress, id);
  const auto& lost = progress.step(id.step).lost_outputs;
  if (const auto why = lost.find(id.item); why != lost.end()) {
    return NotSet(fmt::format("the outputs of step {} can't be read from the store: {}", step.name, why->second));
  }
  for (const auto& output : step.outputs) {
    if (output.name != name) continue;
    auto it = outputs.find(name);
    if (it == outputs.end()) break;
    return cel::FromJson(it->second, graph::TypeOf(output.type));
  }
  return NotSet(fmt::format("step {} has no output {}: it wrote none", step.name, name));
}

Value ArtifactValue(const artifact::Artifact& artifact) {
  return MakeStruct(graph::TypeOfArtifact(), [artifact](std::string_view name) -> Result<Value> {
    if (name == "digest") return Value::String(artifact::FormatDigest(artifact.digest));
    if (name == "bytes") return Value::Int(artifact.bytes);
    return Value::String(std::string(json::EnumName(artifact.archive)));
  });
}

const artifact::Artifacts& ArtifactsOf(const Progress& progress, ItemId id) {
  static const artifact::Artifacts kNone;
  const auto& artifacts = progress.step(id.step).artifacts;
  return static_cast<size_t>(id.item) < artifacts.size() ? artifacts[static_cast<size_t>(id.item)] : kNone;
}

// By the name that expressions use.
const artifact::Artifact* FindArtifact(const Progress& progress, ItemId id, std::string_view name) {
  for (const auto& [declared, artifact] : ArtifactsOf(progress, id)) {
    if (graph::ExpressionName(declared) == name) return &artifact;
  }
  return nullptr;
}

Result<Value> ItemArtifact(const Progress& progress, ItemId id, std::string_view name) {
  if (const auto* artifact = FindArtifact(progress, id, name)) return ArtifactValue(*artifact);
  return NotSet(fmt::format("step {} has no artifact {}: it left none", progress.definition(id.step).name, name));
}

// Those of all succeeded items that have it, in item order.
Result<Value> ArtifactList(const Progress& progress, int32_t index, std::string_view name) {
  const auto& step = progress.step(index);
  Value::Elements elements;
  for (int32_t i = 0; i < static_cast<int32_t>(step.items.size()); ++i) {
    if (step.items[static_cast<size_t>(i)].state != State::kSucceeded) continue;
    if (const auto* artifact = FindArtifact(progress, {index, i}, name)) elements.push_back(ArtifactValue(*artifact));
  }
  return Value::List(std::move(elements));
}

// The values of one output of all succeeded items, in item order.
Result<Value> OutputList(const Progress& progress, int32_t index, std::string_view name) {
  const auto& step = progress.step(index);
  Value::Elements elements;
  for (int32_t i = 0; i < static_cast<int32_t>(step.items.size()); ++i) {
    if (step.items[static_cast<size_t>(i)].state != State::kSucceeded) continue;
    TRY(Value value, TypedOutput(progress, {index, i}, name));
    elements.push_back(std::move(value));
  }
  return Value::List(std::move(elements));
}

Result<Value> ResultField(const Progress::Item& item, std::string_view name) {
  if (name == "status") return Value::String(StateName(item.state));
  if (name == "reason") return Value::String(api::Token(item.reason));
  if (name == "attempts") return Value::Int(item.attempts);
  if (name == "exitCode" && item.exit_code) return Value::Int(*item.exit_code);
  return NotSet(fmt::format("{} is not known: no container ended", name));
}

Value ItemValue(const Progress& progress, ItemId id) {
  const graph::StepTypes& types = progress.definition(id.step).types;
  return MakeStruct(types.item,
                    [&progress, id, outputs = types.item_outputs,
                     artifacts = types.item_artifacts](std::string_view name) -> Result<Value> {
                      if (name == "artifacts") {
                        return MakeStruct(artifacts, [&progress, id](std::string_view artifact) {
                          return ItemArtifact(progress, id, artifact);
                        });
                      }
                      if (name != "outputs")
                        return ResultField(progress.step(id.step).items[static_cast<size_t>(id.item)], name);
                      return MakeStruct(outputs, [&progress, id](std::string_view output) {
                        return TypedOutput(progress, id, output);
                      });
                    });
}

Result<Value> StepOutputs(const Progress& progress, int32_t index) {
  const graph::Step& definition = progress.definition(index);
  return MakeStruct(definition.types.outputs, [&progress, index](std::string_view name) -> Result<Value> {
    const graph::Step& definition = progress.definition(index);
    if (definition.HasItems()) return OutputList(progress, index, name);
    State state = progress.step(index).state;
    if (state != State::kSucceeded) {
      return NotSet(fmt::format("step {} has no outputs: it is {}", definition.name, StateName(state)));
    }
    return TypedOutput(progress, {index, 0}, name);
  });
}

Value StepArtifacts(const Progress& progress, int32_t index) {
  const graph::Step& definition = progress.definition(index);
  return MakeStruct(definition.types.artifacts, [&progress, index](std::string_view name) -> Result<Value> {
    if (progress.definition(index).HasItems()) return ArtifactList(progress, index, name);
    return ItemArtifact(progress, {index, 0}, name);
  });
}

Result<Value> StepField(const Progress& progress, int32_t index, std::string_view name) {
  const Progress::Step& step = progress.step(index);
  auto count = [&](State state) { return Value::Int(step.by_state[static_cast<size_t>(state)]); };
  if (name == "outputs") return StepOutputs(progress, index);
  if (name == "artifacts") return StepArtifacts(progress, index);
  if (name == "total") return Value::Int(step.total);
  if (name == "succeeded") return count(State::kSucceeded);
  if (name == "failed") return count(State::kFailed);
  if (name == "skipped") return count(State::kSkipped);
  if (name == "status") return Value::String(StateName(step.state));
  if (name == "reason") return Value::String(api::Token(step.reason));
  if (name == "items") {
    Value::Elements items;
    for (int32_t i = 0; i < static_cast<int32_t>(step.items.size()); ++i)
      items.push_back(ItemValue(progress, {index, i}));
    return Value::List(std::move(items));
  }
  const bool one = !progress.definition(index).HasItems() && !step.items.empty();
  if (name == "attempts") return Value::Int(one ? step.items[0].attempts : 0);
  if (one) return ResultField(step.items[0], name);
  return NotSet(fmt::format("{} is not known: look at items", name));
}

Value Steps(const Progress& progress) {
  return MakeStruct(progress.graph().steps_type, [&progress](std::string_view name) -> Result<Value> {
    const auto& names = progress.graph().by_expression_name;
    auto it = names.find(name);
    if (it == names.end()) return NotSet(fmt::format("there is no step {}", name));
    return MakeStruct(progress.definition(it->second).types.step,
                      [&progress, i = it->second](std::string_view field) { return StepField(progress, i, field); });
  });
}

Value Parameters(const graph::Graph& graph) {
  return MakeStruct(graph.parameters_type, [&graph](std::string_view name) -> Result<Value> {
    for (const auto& parameter : graph.source.parameters) {
      if (parameter.name == name) return cel::FromJson(parameter.value, graph::TypeOf(parameter.type));
    }
    return NotSet(fmt::format("there is no parameter {}", name));
  });
}

Value FailureValue(const Progress& progress, const Failure& failure) {
  return MakeStruct(graph::TypeOfFailure(), [&progress, &failure](std::string_view name) -> Result<Value> {
    if (name == "step") return Value::String(progress.definition(failure.id.step).name);
    if (name == "index") return Value::Int(failure.id.item);
    if (name == "reason") return Value::String(api::Token(failure.reason));
    return Value::String(failure.message);
  });
}

Value Workflow(const Progress& progress, bool in_finally) {
  return MakeStruct(graph::TypeOfWorkflow(in_finally), [&progress](std::string_view name) -> Result<Value> {
    const RunFacts& facts = progress.facts();
    if (name == "name") return Value::String(facts.name);
    if (name == "namespace") return Value::String(facts.namespace_name);
    if (name == "uid") return Value::String(facts.uid);
    if (name == "run") return Value::Int(facts.number);
    if (name == "creationTime") return Value::Timestamp(facts.creation_time);
    if (name == "status") return Value::String(StateName(progress.OrdinaryResult()));
    Value::Elements failures;
    for (const Failure& failure : progress.failures()) failures.push_back(FailureValue(progress, failure));
    return Value::List(std::move(failures));
  });
}

}  // namespace

Scope::Scope(const Progress& progress, int32_t step, std::optional<int32_t> index, const json::Value* item)
    : progress_(progress), step_(step), index_(index), item_(item) {}

std::optional<Value> Scope::Find(std::string_view name) const {
  if (name == "params") return Parameters(progress_.graph());
  if (name == "steps") return Steps(progress_);
  if (name == "workflow") return Workflow(progress_, step_ < 0 || progress_.definition(step_).in_finally);
  if (name == "index" && index_) return Value::Int(*index_);
  if (name == "item" && item_) return cel::FromJson(*item_);
  return std::nullopt;
}

std::optional<Value> RetryScope::Find(std::string_view name) const {
  if (name == "params") return Parameters(progress_.graph());
  if (name == "exitCode") return Value::Int(exit_code_);
  if (name == "reason") return Value::String(reason_);
  if (name == "attempt") return Value::Int(attempt_);
  return std::nullopt;
}

}  // namespace coreflow::engine
