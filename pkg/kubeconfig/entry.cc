#include "pkg/kubeconfig/entry.h"

#include <algorithm>
#include <optional>

#include "pkg/base/base64.h"

namespace coreflow::kubeconfig {

Error Entry::Bad(std::string_view name, const std::string& what) const {
  std::string where = where_;
  if (!name.empty()) {
    if (!where.ends_with(' ')) where += '.';
    where += name;
  }
  return {.code = Code::kInvalid, .message = where + ": " + what};
}

Error Entry::Expected(std::string_view name, const char* type, const json::Value& found) const {
  return Bad(name, std::string("expected ") + type + ", found " + found.TypeName());
}

Result<Entry> Entry::Child(std::string_view name) const {
  const json::Value& child = value_[name];
  if (!child.IsNull() && !child.IsObject()) return Expected(name, "an object", child);
  std::string where = where_ + (where_.ends_with(' ') ? "" : ".") + std::string(name);
  return Entry(child, where, directory_);
}

Result<std::vector<Entry>> Entry::Children(std::string_view name) const {
  const json::Value& list = value_[name];
  if (!list.IsNull() && !list.IsArray()) return Expected(name, "a list", list);
  std::vector<Entry> result;
  for (const json::Value& child : list.Elements()) {
    if (!child.IsObject()) return Expected(name, "a list of objects", child);
    std::string key = child["name"].IsString() ? "\"" + child["name"].AsString() + "\"" : std::to_string(result.size());
    std::string where = where_ + (where_.ends_with(' ') ? "" : ".") + std::string(name) + "[" + key + "]";
    result.emplace_back(child, where, directory_);
  }
  return result;
}

Result<std::string> Entry::Text(std::string_view name) const {
  const json::Value& text = value_[name];
  if (text.IsNull()) return std::string();
  if (!text.IsString()) return Expected(name, "a string", text);
  return text.AsString();
}

Result<bool> Entry::Flag(std::string_view name) const {
  const json::Value& flag = value_[name];
  if (flag.IsNull()) return false;
  if (!flag.IsBool()) return Expected(name, "true or false", flag);
  return flag.AsBool();
}

Result<std::vector<std::string>> Entry::Texts(std::string_view name) const {
  const json::Value& list = value_[name];
  if (!list.IsNull() && !list.IsArray()) return Expected(name, "a list of strings", list);
  std::vector<std::string> result;
  for (const json::Value& item : list.Elements()) {
    if (!item.IsString()) return Expected(name, "a list of strings", item);
    result.push_back(item.AsString());
  }
  return result;
}

Result<std::string> Entry::Data(std::string_view name) const {
  TRY(std::string text, Text(name));
  text.erase(std::remove_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }), text.end());
  auto data = text.size() % 4 == 0 ? DecodeBase64(text) : std::nullopt;
  if (!data) return Bad(name, "not base64");
  return *std::move(data);
}

Result<std::string> Entry::Path(std::string_view name) const {
  TRY(std::string path, Text(name));
  return path.empty() ? path : Resolve(path);
}

std::string Entry::Resolve(const std::string& path) const {
  if (path.starts_with('/') || directory_.empty()) return path;
  return directory_ + "/" + path;
}

}  // namespace coreflow::kubeconfig
