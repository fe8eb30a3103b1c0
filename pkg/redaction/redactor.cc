#include "pkg/redaction/redactor.h"

#include <fmt/format.h>

#include <array>
#include <optional>

#include "pkg/json/write.h"
#include "pkg/redaction/credentials.h"
#include "pkg/redaction/expression.h"

namespace coreflow::redaction {

namespace {

constexpr auto kOurKeys = std::to_array<std::string_view>(
    {"coreflow.dev/", "app.kubernetes.io/", "helm.sh/", "pod-template-hash", "kubernetes.io/metadata.name"});

bool IsOurs(std::string_view key) {
  for (const std::string_view prefix : kOurKeys) {
    if (key.starts_with(prefix)) return true;
  }
  return false;
}

json::Value Note(const json::Value& value) {
  const size_t size = value.IsString() ? value.AsString().size() : json::Write(value).size();
  return fmt::format("[left out: {} bytes]", size);
}

const KeptFields* Member(const KeptFields& fields, std::string_view name) {
  auto found = fields.members.find(name);
  if (found == fields.members.end()) found = fields.members.find("*");
  return found == fields.members.end() ? nullptr : &found->second;
}

// What becomes of each value of an object: leaf(value, how it is kept, its member's name).
template <typename Leaf>
json::Value Walk(const json::Value& value, const KeptFields& fields, Keep others, std::string_view name,
                 const Leaf& leaf) {
  if (value.IsNull()) return value;
  if (value.IsArray() && fields.keep != Keep::kAll) {
    json::Array elements;
    for (const json::Value& element : value.Elements()) elements.push_back(Walk(element, fields, others, name, leaf));
    return elements;
  }
  if (value.IsObject() && !fields.members.empty()) {
    json::Object members;
    for (const auto& [key, member] : value.Members()) {
      const KeptFields* kept = Member(fields, key);
      members[key] = kept ? Walk(member, *kept, others, key, leaf) : leaf(member, others, key);
    }
    return members;
  }
  Keep keep = fields.keep.value_or(others);
  // Where a word was expected, an object may have anything in it.
  if (value.IsObject() && keep != Keep::kAll && keep != Keep::kNothing) keep = Keep::kSecret;
  return leaf(value, keep, name);
}

}  // namespace

json::Value Redactor::Show(Subject subject, const json::Value& object) {
  const auto& [root, others] = KeptFieldsOf(subject);
  // All of it before any of its texts is shown.
  Walk(object, root, others, "", [this](const json::Value& value, Keep keep, std::string_view) {
    if (keep == Keep::kSecret) known_.Add(value);
    return json::Value();
  });
  return Walk(object, root, others, "", [this](const json::Value& value, Keep keep, std::string_view name) {
    return ShowValue(value, keep, name);
  });
}

json::Value Redactor::ShowValue(const json::Value& value, Keep keep, std::string_view name) const {
  if (value.IsNull()) return value;
  switch (keep) {
    case Keep::kValue:
    case Keep::kAll: return value;
    case Keep::kLabel: return IsOurs(name) ? value : Note(value);
    case Keep::kText: return value.IsString() ? json::Value(Show(value.AsString())) : Note(value);
    case Keep::kExpression: {
      const auto shown = value.IsString() ? WithoutTexts(value.AsString()) : std::nullopt;
      return shown ? json::Value(*shown) : Note(value);
    }
    case Keep::kSecret:
    case Keep::kNothing: return Note(value);
  }
  return Note(value);
}

std::string Redactor::Show(std::string_view text) const { return MaskCredentials(known_.Mask(text)); }

}  // namespace coreflow::redaction
