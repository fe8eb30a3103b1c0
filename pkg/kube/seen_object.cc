#include "pkg/kube/seen_object.h"

#include <utility>

#include "pkg/json/parse.h"
#include "pkg/kube/raw_json.h"

namespace coreflow::kube {
namespace {

using json::Shape;

constexpr Shape kMetadata[] = {{"managedFields", Shape::Read::kNothing}};
constexpr Shape kObject[] = {{"metadata", Shape::Read::kAll, kMetadata}};

}  // namespace

constexpr Shape kObjectShape{.members = kObject};

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

SeenObject ReadRawObject(std::string_view text, const Shape& shape) {
  auto object = json::Parse(text, shape);
  if (object) return ReadObject(*std::move(object));
  std::string_view metadata = RawMember(text, "metadata").value_or("");
  return SeenObject{
      .key = {.ns = RawString(metadata, "namespace"), .name = RawString(metadata, "name")},
      .version = {.uid = RawString(metadata, "uid"), .resource_version = RawString(metadata, "resourceVersion")},
      .trouble = object.error().message};
}

}  // namespace coreflow::kube
