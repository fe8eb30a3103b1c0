#include "pkg/graph/scope.h"

#include <algorithm>
#include <utility>

namespace coreflow::graph {

namespace {

using cel::Type;

std::vector<Type::Field> OutputFields(const std::vector<OutputDeclaration>& outputs, bool as_lists) {
  std::vector<Type::Field> fields;
  for (const auto& output : outputs) {
    Type type = TypeOf(output.type);
    fields.push_back({.name = output.name, .type = as_lists ? Type::List(type) : type});
  }
  return fields;
}

// A dash in a name is an underscore, as in the names of steps.
std::vector<Type::Field> ArtifactFields(const std::vector<api::ResolvedOutputArtifact>& artifacts, bool as_lists) {
  std::vector<Type::Field> fields;
  for (const auto& artifact : artifacts) {
    const Type type = TypeOfArtifact();
    const std::string name = ExpressionName(artifact.name);
    fields.push_back({.name = name,
                      .type = as_lists ? Type::List(type) : type,
                      .alias = name == artifact.name ? "" : artifact.name});
  }
  return fields;
}

std::vector<Type::Field> ResultFields(Type outputs, Type artifacts) {
  return {{.name = "status", .type = Type::String()},      {.name = "reason", .type = Type::String()},
          {.name = "exitCode", .type = Type::Int()},       {.name = "attempts", .type = Type::Int()},
          {.name = "outputs", .type = std::move(outputs)}, {.name = "artifacts", .type = std::move(artifacts)}};
}

}  // namespace

Type TypeOf(ValueType type) {
  switch (type) {
    case ValueType::kString: return Type::String();
    case ValueType::kInteger: return Type::Int();
    case ValueType::kNumber: return Type::Double();
    case ValueType::kBoolean: return Type::Bool();
    case ValueType::kArray: return Type::List(Type::Dyn());
    case ValueType::kObject: return Type::Map(Type::String(), Type::Dyn());
  }
  return Type::Dyn();
}

std::string ExpressionName(const std::string& step) {
  std::string name = step;
  std::ranges::replace(name, '-', '_');
  return name;
}

Type TypeOfArtifact() {
  return Type::Struct("artifact", {{.name = "digest", .type = Type::String()},
                                   {.name = "bytes", .type = Type::Int()},
                                   {.name = "archive", .type = Type::String()}});
}

StepTypes TypesOfStep(const std::string& name, const std::vector<OutputDeclaration>& outputs,
                      const std::vector<api::ResolvedOutputArtifact>& artifacts, bool has_items) {
  const std::string prefix = "steps." + ExpressionName(name);
  StepTypes types;
  types.item_outputs = Type::Struct(prefix + ".items[].outputs", OutputFields(outputs, false));
  types.item_artifacts = Type::Struct(prefix + ".items[].artifacts", ArtifactFields(artifacts, false));
  types.item = Type::Struct(prefix + ".items[]", ResultFields(types.item_outputs, types.item_artifacts));
  types.outputs = Type::Struct(prefix + ".outputs", OutputFields(outputs, has_items));
  types.artifacts = Type::Struct(prefix + ".artifacts", ArtifactFields(artifacts, has_items));
  std::vector<Type::Field> fields = ResultFields(types.outputs, types.artifacts);
  for (const char* count : {"total", "succeeded", "failed", "skipped"}) {
    fields.push_back({.name = count, .type = Type::Int()});
  }
  fields.push_back({.name = "items", .type = Type::List(types.item)});
  types.step = Type::Struct(prefix, std::move(fields));
  return types;
}

Type TypeOfParameters(const std::vector<OutputDeclaration>& parameters) {
  return Type::Struct("params", OutputFields(parameters, false));
}

Type TypeOfFailure() {
  return Type::Struct("workflow.failures[]", {{.name = "step", .type = Type::String()},
                                              {.name = "index", .type = Type::Int()},
                                              {.name = "reason", .type = Type::String()},
                                              {.name = "message", .type = Type::String()}});
}

Type TypeOfWorkflow(bool in_finally) {
  std::vector<Type::Field> fields = {{.name = "name", .type = Type::String()},
                                     {.name = "namespace", .type = Type::String()},
                                     {.name = "uid", .type = Type::String()},
                                     {.name = "run", .type = Type::Int()},
                                     {.name = "creationTime", .type = Type::Timestamp()}};
  if (in_finally) {
    fields.push_back({.name = "status", .type = Type::String()});
    fields.push_back({.name = "failures", .type = Type::List(TypeOfFailure())});
  }
  return Type::Struct(in_finally ? "workflow (in finally)" : "workflow", std::move(fields));
}

}  // namespace coreflow::graph
