#include "pkg/cli/format.h"

#include <algorithm>
#include <cctype>

namespace coreflow::cli {

Flag OutputFlag() {
  return {.name = "output",
          .letter = 'o',
          .kind = FlagKind::kText,
          .placeholder = "FORMAT",
          .help = "what to print",
          .choices = {"table", "wide", "json", "yaml", "name", "jsonl", "jsonpath=", "custom-columns="}};
}

Format FormatOf(const Arguments& arguments) {
  const std::string text = arguments.Text("output");
  if (text == "wide") return Format::kWide;
  if (text == "json") return Format::kJson;
  if (text == "yaml") return Format::kYaml;
  if (text == "name") return Format::kName;
  if (text == "jsonl") return Format::kJsonLines;
  if (text.starts_with("jsonpath=")) return Format::kJsonPath;
  return text.starts_with("custom-columns=") ? Format::kCustomColumns : Format::kTable;
}

std::string TemplateOf(const Arguments& arguments) {
  const std::string text = arguments.Text("output");
  const size_t equals = text.find('=');
  return equals == std::string::npos ? "" : text.substr(equals + 1);
}

bool IsOfObjects(Format format) { return format != Format::kTable && format != Format::kWide; }

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
