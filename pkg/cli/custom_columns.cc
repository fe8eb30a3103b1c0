#include "pkg/cli/custom_columns.h"

#include <algorithm>

#include "pkg/json/write.h"

namespace coreflow::cli {

namespace {

// kubectl takes .a, a, {.a} and {a}.
std::string Template(std::string_view path) {
  if (path.starts_with('{') && path.ends_with('}')) path = path.substr(1, path.size() - 2);
  if (path.starts_with('.')) path.remove_prefix(1);
  return "{." + std::string(path) + "}";
}

// As Go prints what it has read.
std::string GoText(const json::Value& value) {
  if (value.IsString()) return value.AsString();
  if (value.IsNull()) return "<nil>";
  if (!value.IsArray() && !value.IsObject()) return json::Write(value);
  std::string text;
  for (const json::Value& element : value.Elements()) text += (text.empty() ? "" : " ") + GoText(element);
  for (const auto& [name, member] : value.Members()) text += (text.empty() ? "" : " ") + name + ":" + GoText(member);
  return (value.IsObject() ? "map[" : "[") + text + "]";
}

}  // namespace

Result<CustomColumns> CustomColumns::Parse(std::string_view text) {
  CustomColumns columns;
  for (bool last = false; !last;) {
    const size_t end = std::min(text.find(','), text.size());
    const std::string_view column = text.substr(0, end);
    const size_t colon = column.find(':');
    if (colon == std::string_view::npos) {
      return Error{
          .code = Code::kInvalid,
          .message = "a column is HEADING:PATH, as in NAME:.metadata.name, not \"" + std::string(column) + "\""};
    }
    TRY(JsonPath path, JsonPath::Parse(Template(column.substr(colon + 1))));
    columns.headings_.emplace_back(column.substr(0, colon));
    columns.paths_.push_back(std::move(path));
    last = end == text.size();
    text.remove_prefix(last ? end : end + 1);
  }
  return columns;
}

Result<std::vector<std::string>> CustomColumns::Row(const json::Value& object) const {
  std::vector<std::string> row;
  for (const JsonPath& path : paths_) {
    TRY(const std::vector<json::Value> values, path.Find(object));
    std::string cell;
    for (const json::Value& value : values) cell += (cell.empty() ? "" : ",") + GoText(value);
    row.push_back(values.empty() ? "<none>" : cell);
  }
  return row;
}

}  // namespace coreflow::cli
