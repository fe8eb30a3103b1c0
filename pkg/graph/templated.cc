#include "pkg/graph/templated.h"

#include <algorithm>
#include <utility>

namespace coreflow::graph {

namespace {

// True for strings that the kubelet expands: an element of command or args, or the value of an env entry.
bool ExpandedByKubelet(const std::vector<std::string>& path) {
  size_t n = path.size();
  if (n >= 2 && (path[n - 2] == "command" || path[n - 2] == "args")) return true;
  return n >= 3 && path[n - 3] == "env" && path[n - 1] == "value";
}

std::string DoubleDollars(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == '$') out += '$';
    out += c;
  }
  return out;
}

std::string PathText(const std::string& base, const std::vector<std::string>& path) {
  std::string text = base;
  for (const std::string& part : path) {
    bool is_index = !part.empty() && std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
    text += is_index ? "[" + part + "]" : "." + part;
  }
  return text;
}

// Calls `visit` with each string that may hold an expression, and its path.
template <typename Visit>
void EachString(const json::Value& value, std::vector<std::string>& path, const Visit& visit) {
  if (value.IsString()) {
    if (value.AsString().find("$[[") != std::string::npos) visit(value.AsString(), path);
    return;
  }
  for (size_t i = 0; i < value.Elements().size(); ++i) {
    path.push_back(std::to_string(i));
    EachString(value.Elements()[i], path, visit);
    path.pop_back();
  }
  for (const auto& [name, member] : value.Members()) {
    path.push_back(name);
    EachString(member, path, visit);
    path.pop_back();
  }
}

// `value` with the part at `path` replaced; everything beside the path is shared with the old value.
json::Value Replaced(const json::Value& value, const std::vector<std::string>& path, size_t depth, json::Value with) {
  if (depth == path.size()) return with;
  if (value.IsArray()) {
    json::Array copy = value.AsArray();
    json::Value& slot = copy[std::stoul(path[depth])];
    slot = Replaced(slot, path, depth + 1, std::move(with));
    return copy;
  }
  json::Object copy = value.Members();
  json::Value& slot = copy[path[depth]];
  slot = Replaced(slot, path, depth + 1, std::move(with));
  return copy;
}

}  // namespace

TemplatedValue TemplatedValue::Compile(json::Value value, const cel::Declarations& declarations,
                                       const std::string& path, std::vector<json::Problem>& problems) {
  TemplatedValue out;
  std::vector<std::string> at;
  EachString(value, at, [&](const std::string& text, const std::vector<std::string>& where) {
    cel::TemplateCompilation compiled = cel::CompileTemplate(text, declarations);
    for (const cel::Problem& problem : compiled.problems) {
      problems.push_back({.path = PathText(path, where), .message = problem.message});
    }
    if (compiled.compiled && compiled.compiled->HasExpressions()) {
      out.holes_.push_back({.path = where,
                            .place = PathText(path, where),
                            .expanded_by_kubelet = ExpandedByKubelet(where),
                            .text = *compiled.compiled});
    }
  });
  out.value_ = std::move(value);
  return out;
}

Result<json::Value> TemplatedValue::Fill(const cel::Activation& activation) const {
  json::Value filled = value_;
  for (const Hole& hole : holes_) {
    auto text =
        hole.expanded_by_kubelet ? hole.text.Evaluate(activation, {}, DoubleDollars) : hole.text.Evaluate(activation);
    if (!text) return Error{.code = Code::kInvalid, .message = hole.place + ": " + text.error().message};
    filled = Replaced(filled, hole.path, 0, *std::move(text));
  }
  return filled;
}

std::vector<cel::Reference> TemplatedValue::References() const {
  std::vector<cel::Reference> references;
  for (const Hole& hole : holes_) {
    for (cel::Reference& reference : hole.text.References()) references.push_back(std::move(reference));
  }
  return references;
}

}  // namespace coreflow::graph
