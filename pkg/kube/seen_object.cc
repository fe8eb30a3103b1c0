#include "pkg/kube/seen_object.h"

#include <array>
#include <utility>

#include "pkg/json/parse.h"
#include "pkg/kube/raw_json.h"

namespace coreflow::kube {
namespace {

constexpr auto kUnused = std::to_array<std::string_view>({"metadata", "managedFields"});

}  // namespace

SeenObject ReadObject(json::Value object) {
  const json::Value& metadata = object["metadata"];
  SeenObject seen{
      .key = {.ns = metadata["namespace"].StringOr(""), .name = metadata["name"].StringOr("")},
      .version = {.uid = metadata["uid"].StringOr(""), .resource_version = metadata["resourceVersion"].StringOr("")}};
  if (seen.key.name.empty()) {
    seen.trouble = "no metadata.name";
  } else {
    seen.object = std::move(object);
  }
  return seen;
}

SeenObject ReadRawObject(std::string_view text) {
  auto object = json::Parse(text, kUnused);
  if (object) return ReadObject(*std::move(object));
  std::string_view metadata = RawMember(text, "metadata").value_or("");
  return SeenObject{
      .key = {.ns = RawString(metadata, "namespace"), .name = RawString(metadata, "name")},
      .version = {.uid = RawString(metadata, "uid"), .resource_version = RawString(metadata, "resourceVersion")},
      .trouble = object.error().message};
}

}  // namespace coreflow::kube
