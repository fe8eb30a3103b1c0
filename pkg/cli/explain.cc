#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "pkg/base/closest.h"
#include "pkg/cli/commands.h"
#include "pkg/cli/embedded.h"
#include "pkg/yaml/yaml.h"

namespace coreflow::cli {

namespace {

constexpr size_t kWidth = 80;

// A kind of the CRDs with its schema.
struct Kind {
  json::Value names = {};
  std::string version = {};
  json::Value schema = {};

  bool Is(const std::string& word) const {
    std::string lower = word;
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (names["singular"].StringOr("") == lower || names["plural"].StringOr("") == lower) return true;
    return std::ranges::any_of(names["shortNames"].Elements(),
                               [&](const json::Value& name) { return name.StringOr("") == lower; });
  }
};

std::vector<Kind> Kinds() {
  std::vector<Kind> kinds;
  for (const EmbeddedFile& file : EmbeddedCrds()) {
    const auto crd = yaml::FromYaml(file.text);
    if (!crd) continue;
    const json::Value& spec = (*crd)["spec"];
    const json::Value& version = spec["versions"].Elements().empty() ? spec : spec["versions"].Elements().front();
    kinds.push_back({.names = spec["names"],
                     .version = version["name"].StringOr(""),
                     .schema = version["schema"]["openAPIV3Schema"]});
  }
  return kinds;
}

// "steps" of a list and of the one element of it are the same to whoever asks.
const json::Value& ElementOf(const json::Value& schema) {
  return schema["type"].StringOr("") == "array" ? ElementOf(schema["items"]) : schema;
}

std::string TypeOf(const json::Value& schema) {
  const std::string type = schema["type"].StringOr("");
  if (type == "array") return "[]" + TypeOf(schema["items"]);
  if (type == "object" && schema["additionalProperties"].IsObject()) {
    return "map[string]" + TypeOf(schema["additionalProperties"]);
  }
  return type.empty() ? "any" : type;
}

std::string Wrapped(std::string_view text, size_t indent) {
  std::string out;
  size_t column = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find_first_of(" \n"), text.size());
    const std::string_view word = text.substr(0, end);
    if (column > 0 && column + 1 + word.size() > kWidth) {
      out += '\n';
      column = 0;
    }
    if (column == 0) out.append(indent, ' ');
    if (column == 0)
      column = indent;
    else
      out += ' ', ++column;
    out += word;
    column += word.size();
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out + "\n";
}

std::string Fields(const json::Value& schema, size_t indent, bool recursive) {
  std::string text;
  for (const auto& [name, field] : schema["properties"].Members()) {
    const json::Array& needed = schema["required"].Elements();
    const bool required = std::ranges::find(needed, json::Value(name)) != needed.end();
    text += fmt::format("{:{}}{} <{}>{}\n", "", indent, name, TypeOf(field), required ? " -required-" : "");
    if (recursive) {
      text += Fields(ElementOf(field), indent + 2, true);
    } else {
      text += Wrapped(field["description"].StringOr(""), indent + 2) + "\n";
    }
  }
  return text;
}

std::string Page(const Kind& kind, const std::string& field, const json::Value& schema, bool recursive) {
  std::string text =
      fmt::format("KIND:     {}\nVERSION:  coreflow.dev/{}\n\n", kind.names["kind"].StringOr(""), kind.version);
  if (!field.empty()) text += fmt::format("FIELD:    {} <{}>\n\n", field, TypeOf(schema));
  text += "DESCRIPTION:\n" + Wrapped(schema["description"].StringOr("The usual metadata of an object."), 2);
  std::string values;
  for (const json::Value& value : ElementOf(schema)["enum"].Elements()) values += " " + value.StringOr("");
  if (!values.empty()) text += "\nVALUES:  " + values + "\n";
  const std::string fields = Fields(ElementOf(schema), 2, recursive);
  if (!fields.empty()) text += "\nFIELDS:\n" + fields;
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

Result<int> Explain(Environment& environment, const Arguments& arguments) {
  std::string rest = arguments.Word(0);
  const auto next = [&rest] {
    std::string word = rest.substr(0, rest.find('.'));
    rest.erase(0, rest.find('.') == std::string::npos ? rest.size() : word.size() + 1);
    return word;
  };
  const std::vector<Kind> kinds = Kinds();
  const std::string first = next();
  const auto kind = std::ranges::find_if(kinds, [&](const Kind& one) { return one.Is(first); });
  if (kind == kinds.end()) {
    return Error{.code = Code::kNotFound,
                 .message = fmt::format("there is no kind {}{}", first, DidYouMean(first, {"workflow", "job"}))};
  }
  const json::Value* schema = &kind->schema;
  std::string field;
  while (!rest.empty()) {
    const std::string word = next();
    const json::Value& properties = ElementOf(*schema)["properties"];
    const json::Value* found = properties.Find(word);
    if (found == nullptr) {
      std::vector<std::string_view> names;
      for (const auto& [name, unused] : properties.Members()) names.emplace_back(name);
      return Error{
          .code = Code::kNotFound,
          .message = fmt::format("{} has no field {}{}", field.empty() ? first : field, word, DidYouMean(word, names))};
    }
    schema = found;
    field += (field.empty() ? "" : ".") + word;
  }
  environment.out(Page(*kind, field, *schema, arguments.Has("recursive")));
  return 0;
}

}  // namespace

Command ExplainCommand() {
  return {.name = "explain",
          .takes = "FIELD",
          .least = 1,
          .most = 1,
          .summary = "Describes a kind or a field, as of this version and without a cluster.",
          .example =
              "coreflow explain workflow.spec.steps.retryPolicy\n"
              "coreflow explain job --recursive",
          .flags = {{.name = "recursive", .help = "all fields below it, without their descriptions"}},
          .run = Explain};
}

}  // namespace coreflow::cli
