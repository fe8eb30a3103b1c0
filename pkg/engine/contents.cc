#include "pkg/engine/contents.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

#include "pkg/api/names.h"

namespace coreflow::engine {

namespace {

using json::Value;
using Kind = Content::Kind;
using Contents = std::set<Content>;

constexpr size_t kLongestKey = 253;

bool IsKey(const std::string& key) {
  return !key.empty() && key.size() <= kLongestKey && std::ranges::all_of(key, [](unsigned char c) {
    return (c < 0x80 && std::isalnum(c)) || c == '-' || c == '_' || c == '.';
  });
}

Error NotKnown(const std::string& what) {
  return Error{.code = Code::kInvalid, .message = fmt::format("the content of {} is not known", what)};
}

// Names are users' text: what can be none is asked for nowhere.
Result<void> Add(Contents& contents, const std::string& of, Kind kind, const Value& name, const Value& key) {
  Content content{.kind = kind, .name = name.StringOr(""), .key = key.StringOr("")};
  if (!api::IsDnsSubdomain(content.name)) {
    return Error{.code = Code::kInvalid, .message = fmt::format("{} names no {}", of, KindName(kind))};
  }
  if (!key.IsNull() && !IsKey(content.key)) {
    return Error{.code = Code::kInvalid,
                 .message = fmt::format("{} names no key of {} {}", of, KindName(kind), content.name)};
  }
  contents.insert(std::move(content));
  return {};
}

Result<void> AddVariables(Contents& contents, const Value& container) {
  for (const Value& variable : container["env"].Elements()) {
    const Value& from = variable["valueFrom"];
    const std::string name = "variable " + variable["name"].StringOr("");
    for (const auto& [field, kind] :
         {std::pair("secretKeyRef", Kind::kSecret), std::pair("configMapKeyRef", Kind::kConfigMap)}) {
      if (from[field].IsNull()) continue;
      if (from[field]["key"].IsNull()) return NotKnown(name);
      TRY_VOID(Add(contents, name, kind, from[field]["name"], from[field]["key"]));
    }
  }
  for (const Value& from : container["envFrom"].Elements()) {
    const bool secret = !from["secretRef"].IsNull();
    if (!secret && from["configMapRef"].IsNull()) return NotKnown("envFrom");
    const Value& source = secret ? from["secretRef"] : from["configMapRef"];
    TRY_VOID(Add(contents, "envFrom", secret ? Kind::kSecret : Kind::kConfigMap, source["name"], Value()));
  }
  return {};
}

// `source` is that of a volume, or one of a projected volume.
Result<void> AddSource(Contents& contents, const std::string& volume, Kind kind, const Value& name,
                       const Value& source) {
  if (source["items"].Elements().empty()) return Add(contents, volume, kind, name, Value());
  for (const Value& item : source["items"].Elements()) {
    if (item["key"].IsNull()) return NotKnown(volume);
    TRY_VOID(Add(contents, volume, kind, name, item["key"]));
  }
  return {};
}

Result<void> AddVolume(Contents& contents, const Value& volume) {
  const std::string name = "volume " + volume["name"].StringOr("");
  if (!volume["emptyDir"].IsNull() || !volume["downwardAPI"].IsNull()) return {};
  if (const Value& secret = volume["secret"]; !secret.IsNull()) {
    return AddSource(contents, name, Kind::kSecret, secret["secretName"], secret);
  }
  if (const Value& map = volume["configMap"]; !map.IsNull()) {
    return AddSource(contents, name, Kind::kConfigMap, map["name"], map);
  }
  if (volume["projected"].IsNull()) return NotKnown(name);
  for (const Value& source : volume["projected"]["sources"].Elements()) {
    if (!source["downwardAPI"].IsNull()) continue;
    const bool secret = !source["secret"].IsNull();
    const Value& projection = secret ? source["secret"] : source["configMap"];
    if (projection.IsNull()) return NotKnown(name);  // such as a token
    TRY_VOID(AddSource(contents, name, secret ? Kind::kSecret : Kind::kConfigMap, projection["name"], projection));
  }
  return {};
}

}  // namespace

const char* KindName(Content::Kind kind) { return kind == Kind::kSecret ? "Secret" : "ConfigMap"; }

std::string Describe(const Content& content) {
  const std::string object = fmt::format("{} {}", KindName(content.kind), content.name);
  return content.key.empty() ? object : fmt::format("key {} of {}", content.key, object);
}

void PrintTo(const Content& content, std::ostream* out) { *out << Describe(content); }

Result<std::vector<Content>> ContentsOf(const FilledStep& filled) {
  Contents contents;
  const Value& pod = filled.fields["pod"];
  TRY_VOID(AddVariables(contents, filled.fields));
  for (const Value& volume : pod["volumes"].Elements()) TRY_VOID(AddVolume(contents, volume));
  for (const char* list : {"initContainers", "sidecars"}) {
    for (const Value& container : pod[list].Elements()) TRY_VOID(AddVariables(contents, container));
  }
  return std::vector<Content>(contents.begin(), contents.end());
}

}  // namespace coreflow::engine
