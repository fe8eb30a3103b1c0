#include "pkg/cli/format.h"

#include <algorithm>
#include <cctype>

#include "pkg/json/write.h"
#include "pkg/yaml/write.h"

namespace coreflow::cli {

Flag OutputFlag() {
  return {.name = "output",
          .letter = 'o',
          .kind = FlagKind::kText,
          .placeholder = "FORMAT",
          .help = "what to print",
          .choices = {"table", "wide", "json", "yaml", "name", "jsonl"}};
}

Format FormatOf(const Arguments& arguments) {
  const std::string text = arguments.Text("output");
  if (text == "wide") return Format::kWide;
  if (text == "json") return Format::kJson;
  if (text == "yaml") return Format::kYaml;
  if (text == "name") return Format::kName;
  if (text == "jsonl") return Format::kJsonLines;
  return Format::kTable;
}

bool IsOfObjects(Format format) { return format != Format::kTable && format != Format::kWide; }

std::string PrintObjects(Format format, const std::vector<json::Value>& objects, bool as_list) {
  std::string text;
  if (format == Format::kName) {
    for (const json::Value& object : objects) text += QualifiedName(object) + "\n";
    return text;
  }
  if (format == Format::kJsonLines) {
    for (const json::Value& object : objects) text += json::Write(object) + "\n";
    return text;
  }
  json::Value whole =
      !as_list && objects.size() == 1
          ? objects.front()
          : json::Value(json::Object{{"apiVersion", "v1"}, {"items", json::Array(objects)}, {"kind", "List"}});
  return format == Format::kYaml ? yaml::Write(whole) : json::WriteIndented(whole) + "\n";
}

std::string QualifiedName(const json::Value& object) {
  std::string kind = object["kind"].StringOr("");
  std::ranges::transform(kind, kind.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const std::string version = object["apiVersion"].StringOr("");
  const size_t slash = version.find('/');
  return kind + (slash == std::string::npos ? "" : "." + version.substr(0, slash)) + "/" + NameOf(object);
}

std::string NameOf(const json::Value& object) { return object["metadata"]["name"].StringOr(""); }

std::string NamespaceOf(const json::Value& object) { return object["metadata"]["namespace"].StringOr(""); }

}  // namespace coreflow::cli
