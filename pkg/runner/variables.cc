#include "pkg/runner/variables.h"

#include "pkg/apiserver/json_path.h"
#include "pkg/base/base64.h"

namespace coreflow::runner {

namespace {

Error Missing(std::string message) { return {.code = Code::kNotFound, .message = std::move(message)}; }

// "metadata.labels['app']" and what has one value.
Result<std::string> FieldOf(const json::Value& pod, const std::string& path) {
  if (const size_t open = path.find("['"); open != std::string::npos && path.ends_with("']")) {
    const std::string key = path.substr(open + 2, path.size() - open - 4);
    return apiserver::FindByPath(pod, "." + path.substr(0, open))[key].StringOr("");
  }
  if (path == "status.hostIP" || path == "status.podIP") return std::string("127.0.0.1");
  const json::Value found = apiserver::FindByPath(pod, "." + path);
  if (found.IsString()) return found.AsString();
  if (path == "spec.serviceAccountName") return std::string("default");
  return Error{.code = Code::kInvalid, .message = "field " + path + " of the pod can't be shown in its environment"};
}

struct Source {
  std::string resource;  // "configmaps"
  std::string word;      // "configmap", as the kubelet says it
};

Result<std::string> KeyOf(const Source& source, const json::Value& reference, const Lookup& lookup, bool& absent) {
  const std::string name = reference["name"].StringOr("");
  const std::string key = reference["key"].StringOr("");
  const json::Value object = lookup(source.resource, name);
  const auto data = DataOf(object);
  const auto found = data.find(key);
  absent = found == data.end();
  if (!absent) return found->second;
  if (reference["optional"].BoolOr(false)) return std::string();
  if (object.IsNull()) return Missing(source.word + " \"" + name + "\" not found");
  return Missing("couldn't find key " + key + " in " + source.word + " " + name);
}

const Source kConfigMap{"configmaps", "configmap"};
const Source kSecret{"secrets", "secret"};

Result<void> AddFrom(const json::Value& from, const Lookup& lookup, Variables& variables) {
  const bool secret = !from["secretRef"].IsNull();
  const json::Value& reference = secret ? from["secretRef"] : from["configMapRef"];
  const Source& source = secret ? kSecret : kConfigMap;
  const std::string name = reference["name"].StringOr("");
  const json::Value object = lookup(source.resource, name);
  if (object.IsNull() && !reference["optional"].BoolOr(false)) {
    return Missing(source.word + " \"" + name + "\" not found");
  }
  for (const auto& [key, value] : DataOf(object)) variables[from["prefix"].StringOr("") + key] = value;
  return {};
}

Result<void> Add(const json::Value& pod, const json::Value& entry, const Lookup& lookup, Variables& variables) {
  const std::string name = entry["name"].StringOr("");
  const json::Value& from = entry["valueFrom"];
  bool absent = false;
  std::string value;
  if (from.IsNull()) {
    value = Expand(entry["value"].StringOr(""), variables);
  } else if (!from["fieldRef"].IsNull()) {
    TRY(value, FieldOf(pod, from["fieldRef"]["fieldPath"].StringOr("")));
  } else if (!from["configMapKeyRef"].IsNull()) {
    TRY(value, KeyOf(kConfigMap, from["configMapKeyRef"], lookup, absent));
  } else if (!from["secretKeyRef"].IsNull()) {
    TRY(value, KeyOf(kSecret, from["secretKeyRef"], lookup, absent));
  } else {
    return Error{.code = Code::kInvalid, .message = "variable " + name + " comes from what is not known here"};
  }
  if (!absent) variables[name] = std::move(value);
  return {};
}

}  // namespace

Result<Variables> VariablesOf(const json::Value& pod, const json::Value& container, const Lookup& lookup) {
  Variables variables;
  for (const json::Value& from : container["envFrom"].Elements()) TRY_VOID(AddFrom(from, lookup, variables));
  for (const json::Value& entry : container["env"].Elements()) TRY_VOID(Add(pod, entry, lookup, variables));
  return variables;
}

std::string Expand(std::string_view text, const Variables& variables) {
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '$' || at + 1 == text.size()) {
      out += text[at];
      continue;
    }
    if (text[at + 1] == '$') {
      out += '$';
      ++at;
      continue;
    }
    const size_t end = text[at + 1] == '(' ? text.find(')', at) : std::string_view::npos;
    if (end == std::string_view::npos) {
      out += '$';
      continue;
    }
    const auto found = variables.find(std::string(text.substr(at + 2, end - at - 2)));
    out += found == variables.end() ? std::string(text.substr(at, end - at + 1)) : found->second;
    at = end;
  }
  return out;
}

std::map<std::string, std::string> DataOf(const json::Value& object) {
  const bool secret = object["kind"] == json::Value("Secret");
  std::map<std::string, std::string> data;
  for (const auto& [key, value] : object["data"].Members()) {
    data[key] = secret ? DecodeBase64(value.StringOr("")).value_or("") : value.StringOr("");
  }
  for (const auto& [key, value] : object["binaryData"].Members()) {
    data[key] = DecodeBase64(value.StringOr("")).value_or("");
  }
  return data;
}

}  // namespace coreflow::runner
