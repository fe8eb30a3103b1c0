#include "pkg/patch/path_element.h"

#include "pkg/json/parse.h"
#include "pkg/json/write.h"
#include "pkg/schema/go_text.h"

namespace coreflow::patch {

PathElement FieldElement(std::string_view name) { return "f:" + std::string(name); }
PathElement KeyElement(const json::Value& keys) { return "k:" + json::Write(keys); }
PathElement ValueElement(const json::Value& value) { return "v:" + json::Write(value); }
PathElement IndexElement(size_t index) { return "i:" + std::to_string(index); }

bool IsField(const PathElement& element) { return element.starts_with("f:"); }
std::string_view FieldName(const PathElement& element) { return std::string_view(element).substr(2); }

Result<PathElement> ReadElement(std::string_view text) {
  if (text.size() < 2 || text[1] != ':') return Error{Code::kInvalid, "missing colon: " + std::string(text)};
  switch (text[0]) {
    case 'f':
    case 'i': return PathElement(text);
    case 'k':
    case 'v': {
      TRY(json::Value value, json::Parse(text.substr(2)));
      return text[0] == 'k' ? KeyElement(value) : ValueElement(value);
    }
    default: return PathElement();
  }
}

std::string ShowElement(const PathElement& element) {
  std::string text = element.substr(2);
  if (element[0] == 'f') return "." + text;
  if (element[0] == 'i') return "[" + text + "]";
  auto value = json::Parse(text);
  if (!value) return "[" + text + "]";
  if (element[0] == 'v') return "[=" + schema::GoValue(*value) + "]";
  std::string keys;
  for (const auto& [name, key] : value->Members())
    keys += (keys.empty() ? "" : ",") + name + "=" + schema::GoValue(key);
  return "[" + keys + "]";
}

std::string ShowPath(const FieldPath& path) {
  std::string text;
  for (const PathElement& element : path) text += ShowElement(element);
  return text;
}

}  // namespace coreflow::patch
