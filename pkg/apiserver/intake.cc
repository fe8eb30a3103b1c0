#include "pkg/apiserver/intake.h"

#include <utility>

#include "pkg/apiserver/object.h"
#include "pkg/apiserver/pod_strategy.h"
#include "pkg/apiserver/schemas.h"
#include "pkg/base/base64.h"
#include "pkg/json/write.h"

namespace coreflow::apiserver {

namespace {

std::string Describe(const std::string& field) { return "unknown field " + json::Quote(field); }

json::Value FillSecret(const json::Value& secret) {
  json::Object members = secret.Members();
  json::Object data = secret["data"].Members();
  for (const auto& [name, text] : secret["stringData"].Members()) data[name] = EncodeBase64(text.StringOr(""));
  if (!data.empty()) members["data"] = std::move(data);
  members.erase("stringData");
  if (secret["type"].StringOr("").empty()) members["type"] = "Opaque";
  return members;
}

}  // namespace

Taken TakeIn(const Resource& resource, const json::Value& object) {
  schema::Pruned metadata = MetadataSchema().Prune(object["metadata"]);
  std::vector<std::string> unknown;
  for (const std::string& field : metadata.unknown) unknown.push_back("metadata." + field);
  json::Value known = unknown.empty() ? object : Set(object, {"metadata"}, std::move(metadata.value));
  // What kinds of CRDs can be is more than the schema of CRDs says.
  if (&resource == &Crds()) return {std::move(known), std::move(unknown)};
  schema::Pruned pruned = SchemaOf(resource).Prune(known);
  for (std::string& field : pruned.unknown) unknown.push_back(std::move(field));
  return {FillIn(resource, pruned.value), std::move(unknown)};
}

json::Value FillIn(const Resource& resource, const json::Value& object) {
  if (resource.custom) return SchemaOf(resource).Default(object);
  if (&resource == &Pods()) return DefaultPod(object);
  if (&resource == &Secrets()) return FillSecret(object);
  return object;
}

std::string StrictDecodingError(const std::vector<std::string>& unknown) {
  std::string text = "strict decoding error: ";
  for (size_t i = 0; i < unknown.size(); ++i) text += (i > 0 ? ", " : "") + Describe(unknown[i]);
  return text;
}

std::string WarningHeader(const std::vector<std::string>& unknown) {
  std::string header;
  for (const std::string& field : unknown) {
    header += (header.empty() ? "" : ", ") + ("299 - " + json::Quote(Describe(field)));
  }
  return header;
}

}  // namespace coreflow::apiserver
