#include "pkg/cache/entry.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "pkg/api/run_name.h"
#include "pkg/base/hash.h"
#include "pkg/json/parse.h"
#include "pkg/json/write.h"

namespace coreflow::cache {

namespace {

using json::Object;
using json::Value;

constexpr int64_t kFormat = 1;
constexpr size_t kLongValue = 256;
constexpr size_t kDigestShown = sizeof("sha256:0123456789ab") - 1;
constexpr size_t kMostDifferences = 3;
constexpr size_t kMostExplained = 300;
constexpr int64_t kMostSeconds = int64_t{100} * 365 * 86400;
constexpr std::string_view kVersion = "v1:";

Error Bad(std::string message) { return Error{.code = Code::kInvalid, .message = std::move(message)}; }

Result<engine::StepKey> KeyOf(const Value& parts) {
  if (!parts.IsObject()) return Bad("it has no parts");
  engine::StepKey key;
  for (const auto& [name, value] : parts.AsObject()) {
    if (!value.IsString()) return Bad("part " + name + " is no text");
    key.parts[name] = value.AsString();
  }
  return key;
}

}  // namespace

engine::StepKey Stored(const engine::StepKey& key, const std::string& image_digest) {
  engine::StepKey stored = key;
  stored.parts["image"] = image_digest;
  for (auto& [name, value] : stored.parts) {
    if (value.size() > kLongValue) value = "sha256:" + Sha256Hex(value);
  }
  return stored;
}

std::string EntryName(const std::string& name_space, const std::string& key_digest) {
  const bool versioned = key_digest.starts_with(kVersion);
  return name_space + "/results/" + (versioned ? key_digest.substr(kVersion.size()) : key_digest);
}

std::string NearestName(const std::string& name_space, const std::string& nearest) {
  return name_space + "/nearest/" + Sha256Hex(nearest);
}

std::string Encode(const Entry& entry) {
  Object parts;
  for (const auto& [name, value] : entry.key.parts) parts[name] = value;
  // Large ones are an artifact.
  const bool large = entry.artifacts.contains(artifact::kOutputsArtifact);
  Object object{{"format", kFormat}, {"parts", std::move(parts)}, {"outputs", large ? Object() : entry.outputs},
                {"run", entry.run},  {"seconds", entry.seconds},  {"kept", FormatTime(entry.kept)}};
  if (!entry.artifacts.empty()) object["artifacts"] = artifact::ToJson(entry.artifacts);
  if (entry.exit_code) object["exitCode"] = *entry.exit_code;
  return json::Write(std::move(object));
}

Result<Entry> Decode(const std::string& text, const std::string& key_digest) {
  auto parsed = json::Parse(text);
  if (!parsed) return Bad("it can't be read");
  const Value& value = *parsed;
  if (value["format"].IntOr(0) != kFormat) return Bad("it is of another format");
  Entry entry;
  TRY(entry.key, KeyOf(value["parts"]));
  if (engine::DigestOf(entry.key) != key_digest) return Bad("it is of something else");
  const auto kept = ParseTime(value["kept"].StringOr(""));
  if (!kept || !value["outputs"].IsObject()) return Bad("it is not complete");
  entry.kept = *kept;
  entry.outputs = value["outputs"].AsObject();
  entry.artifacts = artifact::ReadArtifacts(value["artifacts"]);
  if (entry.artifacts.size() != value["artifacts"].Elements().size()) return Bad("it names what is no artifact");
  if (entry.artifacts.contains(artifact::kOutputsArtifact)) entry.outputs.clear();
  if (value["exitCode"].IsInt()) entry.exit_code = static_cast<int32_t>(value["exitCode"].AsInt() & 0xff);
  entry.run = value["run"].StringOr("");
  const auto run = api::ParseRunName(entry.run);
  if (!run || run->number == 0) return Bad("it does not say who computed it");
  entry.seconds = std::clamp<int64_t>(value["seconds"].IntOr(0), 0, kMostSeconds);
  return entry;
}

std::string EncodeNearest(const std::string& key_digest, Time now) {
  return json::Write(Object{{"key", key_digest}, {"at", FormatTime(now)}});
}

std::string DecodeNearest(const std::string& text) {
  const auto value = json::Parse(text);
  const std::string key = value ? (*value)["key"].StringOr("") : "";
  return key.starts_with(kVersion) ? key : "";
}

std::string Explain(const engine::StepKey& before, const engine::StepKey& now) {
  std::string text;
  std::vector<std::string> all = engine::Differences(before, now);
  const auto image = now.parts.find("image");
  if (image != now.parts.end()) {
    std::ranges::replace(all, std::string("image changed"), "image moved to " + image->second.substr(0, kDigestShown));
  }
  for (size_t i = 0; i < std::min(all.size(), kMostDifferences); ++i) {
    if (text.size() + all[i].size() > kMostExplained) break;
    text += (text.empty() ? "" : "; ") + all[i];
  }
  if (all.size() > kMostDifferences) text += fmt::format("; and {} more", all.size() - kMostDifferences);
  return text;
}

}  // namespace coreflow::cache
