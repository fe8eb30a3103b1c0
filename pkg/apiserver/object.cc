#include "pkg/apiserver/object.h"

#include <charconv>

#include "pkg/base/check.h"

namespace coreflow::apiserver {

namespace {

using Step = const std::string_view*;

json::Value SetAt(const json::Value& object, Step step, Step end, json::Value value) {
  if (step == end) return value;
  json::Object members = object.Members();
  json::Value& member = members[std::string(*step)];
  member = SetAt(member, step + 1, end, std::move(value));
  return members;
}

json::Value UnsetAt(const json::Value& object, Step step, Step end) {
  const json::Value* child = object.Find(*step);
  if (!child) return object;
  json::Object members = object.Members();
  if (step + 1 == end) {
    members.erase(members.find(*step));
  } else {
    members[std::string(*step)] = UnsetAt(*child, step + 1, end);
  }
  return members;
}

}  // namespace

std::string NameOf(const json::Value& object) { return object["metadata"]["name"].StringOr(""); }
std::string NamespaceOf(const json::Value& object) { return object["metadata"]["namespace"].StringOr(""); }
std::string UidOf(const json::Value& object) { return object["metadata"]["uid"].StringOr(""); }

uint64_t VersionOf(const json::Value& object) {
  const json::Value& version = object["metadata"]["resourceVersion"];
  if (!version.IsString()) return 0;
  const int64_t number = ParseDecimal(version.AsString());
  return number < 0 ? 0 : static_cast<uint64_t>(number);
}

bool HasFinalizers(const json::Value& object) { return !object["metadata"]["finalizers"].Elements().empty(); }
bool IsBeingDeleted(const json::Value& object) { return object["metadata"]["deletionTimestamp"].IsString(); }

const json::Value& At(const json::Value& object, Path path) {
  const json::Value* value = &object;
  for (std::string_view step : path) value = &(*value)[step];
  return *value;
}

json::Value Set(const json::Value& object, Path path, json::Value value) {
  CHECK(path.size() > 0, "a member is named");
  return SetAt(object, path.begin(), path.end(), std::move(value));
}

json::Value Unset(const json::Value& object, Path path) {
  CHECK(path.size() > 0, "a member is named");
  return UnsetAt(object, path.begin(), path.end());
}

json::Value OwnerReference(const json::Value& owner) {
  return json::Object{{"apiVersion", owner["apiVersion"]}, {"kind", owner["kind"]}, {"name", owner["metadata"]["name"]},
                      {"uid", owner["metadata"]["uid"]},   {"controller", true},    {"blockOwnerDeletion", true}};
}

int64_t ParseDecimal(std::string_view text) {
  int64_t number = 0;
  const char* end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, number);
  const bool plain =
      !text.empty() && stop == end && error == std::errc() && text[0] != '-' && (text == "0" || text[0] != '0');
  return plain ? number : -1;
}

}  // namespace coreflow::apiserver
