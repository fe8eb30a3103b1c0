#include "pkg/cli/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pkg/api/types.gen.h"
#include "pkg/api/value_type.h"
#include "pkg/base/closest.h"
#include "pkg/cli/format.h"
#include "pkg/engine/accept.h"
#include "pkg/json/bind.h"
#include "pkg/json/parse.h"
#include "pkg/json/write.h"
#include "pkg/yaml/yaml.h"

namespace coreflow::cli {

namespace {

Error Bad(std::string message) { return {.code = Code::kInvalid, .message = std::move(message)}; }

Result<void> Take(const json::Value& document, const std::string& name, std::vector<json::Value>& objects) {
  const std::string kind = document["kind"].StringOr("");
  const std::string version = document["apiVersion"].StringOr("");
  if (kind == "List") {
    for (const json::Value& item : document["items"].Elements()) TRY_VOID(Take(item, name, objects));
    return {};
  }
  if (version != api::kApiVersion || (kind != "Workflow" && kind != "Job")) {
    const std::string nearest = version == api::kApiVersion ? DidYouMean(kind, {"Workflow", "Job"}) : "";
    return Bad(fmt::format("{}: expected a Workflow or Job of {}, got kind \"{}\" of \"{}\"{}", name, api::kApiVersion,
                           kind, version, nearest));
  }
  objects.push_back(document);
  return {};
}

// A value as it was typed, read as the parameter's type says.
Result<json::Value> ReadValue(const api::Parameter& parameter, const std::string& text) {
  const api::ValueType type = parameter.type.value_or(api::ValueType::kString);
  json::Value value = text;
  if (type != api::ValueType::kString) {
    auto parsed = json::Parse(text);
    if (!parsed || !api::HasType(type, *parsed)) {
      return Bad(fmt::format("parameter {} is of type {}, which {} is not", parameter.name, json::EnumName(type),
                             json::Quote(text)));
    }
    value = *std::move(parsed);
  }
  json::Binder binder;
  api::ParameterCheck(parameter).Check(value, binder);
  if (binder.ProblemCount() == 0) return value;
  return Bad(fmt::format("parameter {}: {}", parameter.name, binder.Take().front().message));
}

}  // namespace

engine::Kind KindOf(const json::Value& object) {
  return object["kind"].StringOr("") == "Job" ? engine::Kind::kJob : engine::Kind::kWorkflow;
}

Result<std::vector<json::Value>> ParseManifest(const std::string& text, const std::string& name) {
  auto documents = yaml::AllFromYaml(text);
  if (!documents) return Bad(name + ": " + documents.error().message);
  std::vector<json::Value> objects;
  for (const json::Value& document : *documents) TRY_VOID(Take(document, name, objects));
  if (objects.empty()) return Bad(name + " has no objects");
  return objects;
}

Result<std::vector<json::Value>> ReadManifest(Environment& environment, const std::string& path) {
  if (path == "-") {
    TRY(std::string text, environment.read_stdin());
    return ParseManifest(text, "stdin");
  }
  TRY(std::string text, environment.read_file(path));
  return ParseManifest(text, path);
}

Result<json::Value> WithArguments(const json::Value& object, const std::vector<std::string>& given) {
  if (given.empty()) return object;
  if (KindOf(object) == engine::Kind::kJob) return Bad("a Job has no parameters");
  const auto spec = json::Bind<api::WorkflowSpec>(object["spec"]).value;
  std::vector<std::string_view> names;
  for (const api::Parameter& parameter : spec.parameters) names.emplace_back(parameter.name);
  json::Array arguments = object["spec"]["arguments"].Elements();
  std::string wrong;
  for (const std::string& argument : given) {
    const size_t equals = argument.find('=');
    const std::string name = argument.substr(0, equals);
    const auto parameter = std::ranges::find(spec.parameters, name, &api::Parameter::name);
    Result<json::Value> value = Bad(fmt::format("{} is not of the form name=value", argument));
    if (equals != std::string::npos && parameter == spec.parameters.end()) {
      value = Bad(fmt::format("there is no parameter {}{}", name, DidYouMean(name, names)));
    } else if (equals != std::string::npos) {
      value = ReadValue(*parameter, argument.substr(equals + 1));
    }
    if (!value) {
      wrong += (wrong.empty() ? "" : "\n") + value.error().message;
      continue;
    }
    std::erase_if(arguments, [&](const json::Value& known) { return known["name"].StringOr("") == name; });
    arguments.push_back(json::Object{{"name", name}, {"value", *std::move(value)}});
  }
  if (!wrong.empty()) return Bad(wrong);
  json::Object changed = object.AsObject();
  json::Object members = object["spec"].Members();
  members["arguments"] = std::move(arguments);
  changed["spec"] = std::move(members);
  return json::Value(std::move(changed));
}

std::string ProblemsOf(const json::Value& object) {
  const std::string generated = object["metadata"]["generateName"].StringOr("");
  const std::string name = NameOf(object).empty() && !generated.empty() ? generated + "x" : NameOf(object);
  const auto accepted = engine::Accept(KindOf(object), object["spec"], name, NamespaceOf(object));
  return accepted.problems.empty() ? "" : engine::DescribeProblems(accepted.problems);
}

json::Value With(const json::Value& object, const std::string& part, const std::string& member, json::Value value) {
  json::Object changed = object.Members();
  json::Object members = object[part].Members();
  if (value.IsNull()) {
    members.erase(member);
  } else {
    members[member] = std::move(value);
  }
  changed[part] = std::move(members);
  return changed;
}

json::Value WithMetadata(const json::Value& object, const std::string& member, json::Value value) {
  return With(object, "metadata", member, std::move(value));
}

}  // namespace coreflow::cli
