#include "operator/manager/configure.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>

#include "pkg/json/write.h"
#include "pkg/yaml/yaml.h"

namespace coreflow::manager {
namespace {

Result<json::Value> ReadFile(const std::string& path) {
  std::string text;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "re"), &std::fclose);
  std::array<char, 4096> buffer;
  size_t got = 0;
  while (file != nullptr && (got = std::fread(buffer.data(), 1, buffer.size(), file.get())) > 0) {
    text.append(buffer.data(), got);
  }
  if (file == nullptr || std::ferror(file.get()) != 0) {
    return Error{.code = Code::kInvalid, .message = fmt::format("cannot be read: {}", std::strerror(errno))};
  }
  TRY(json::Value value, yaml::FromYaml(text));
  if (value.IsNull()) return json::Value(json::Object());  // an empty file
  return value;
}

// `document` with a member replaced; objects on the way are made. What is there and is no object stays, for Bind to
// complain about.
json::Value Replaced(const json::Value& document, std::string_view path, const json::Value& value) {
  if (path.empty()) return value;
  if (!document.IsNull() && !document.IsObject()) return document;
  json::Object members = document.Members();
  const size_t dot = path.find('.');
  const std::string name(path.substr(0, dot));
  const std::string_view rest = dot == std::string_view::npos ? "" : path.substr(dot + 1);
  members[name] = Replaced(document[name], rest, value);
  return members;
}

// Whether the path of a problem, such as ".namespaces[1]", is of that field or inside it.
bool IsInside(std::string_view problem, std::string_view field) {
  if (problem.starts_with('.')) problem.remove_prefix(1);
  if (!problem.starts_with(field)) return false;
  return problem.size() == field.size() || problem[field.size()] == '.' || problem[field.size()] == '[';
}

std::string Place(const json::Problem& problem, const CommandLine& line) {
  for (const Override& flag : line.overrides) {
    if (IsInside(problem.path, flag.path)) return flag.flag;
  }
  if (line.config_file.empty()) return problem.path;
  return problem.path.empty() ? line.config_file : line.config_file + ": " + problem.path;
}

Exit Wrong(const std::vector<json::Problem>& problems, const CommandLine& line) {
  Exit exit = {.code = 2};
  for (const json::Problem& problem : problems) {
    exit.err += fmt::format("coreflow-operator: {}: {}\n", Place(problem, line), problem.message);
  }
  return exit;
}

}  // namespace

std::variant<Config, Exit> Configure(std::vector<std::string> arguments, const store::Variable& variable) {
  auto parsed = ParseCommandLine(std::move(arguments));
  if (auto* exit = std::get_if<Exit>(&parsed)) return std::move(*exit);
  const CommandLine& line = std::get<CommandLine>(parsed);

  std::vector<json::Problem> problems;
  json::Value document = json::Object();
  if (!line.config_file.empty()) {
    auto file = ReadFile(line.config_file);
    if (file) {
      document = *file;
    } else {
      problems.push_back({.path = "", .message = file.error().message});
    }
  }
  for (const Override& flag : line.overrides) document = Replaced(document, flag.path, flag.value);
  auto bound = json::Bind<Config>(document, json::UnknownFields::kProblem);
  for (json::Problem& problem : bound.problems) problems.push_back(std::move(problem));
  for (json::Problem& problem : Validate(bound.value, variable)) problems.push_back(std::move(problem));

  if (!problems.empty()) return Wrong(problems, line);
  if (line.print_config) return Exit{.out = json::WriteIndented(json::ToJson(bound.value)) + "\n"};
  return std::move(bound.value);
}

}  // namespace coreflow::manager
