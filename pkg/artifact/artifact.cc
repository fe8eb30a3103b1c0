#include "pkg/artifact/artifact.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "pkg/json/bind.h"

namespace coreflow::artifact {

namespace {

constexpr std::string_view kSha256 = "sha256:";
constexpr size_t kHexDigits = 64;

std::optional<Artifact> ReadArtifact(const json::Value& value) {
  const auto digest = ParseDigest(value["digest"].StringOr(""));
  const auto archive = ParseArchive(value["archive"].StringOr("None"));
  const int64_t bytes = value["bytes"].IntOr(-1);
  if (!digest || !archive || bytes < 0) return std::nullopt;
  return Artifact{.digest = *digest, .bytes = bytes, .archive = *archive};
}

}  // namespace

std::string FormatDigest(const std::string& hex) { return std::string(kSha256) + hex; }

std::optional<std::string> ParseDigest(const std::string& text) {
  if (!text.starts_with(kSha256) || text.size() != kSha256.size() + kHexDigits) return std::nullopt;
  std::string hex = text.substr(kSha256.size());
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return std::ranges::all_of(hex, is_hex) ? std::optional(std::move(hex)) : std::nullopt;
}

std::optional<api::Archive> ParseArchive(const std::string& name) {
  const auto names = api::EnumNames(api::Archive());
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<api::Archive>(found - names.begin());
}

json::Value ToJson(const Artifacts& artifacts) {
  json::Array list;
  for (const auto& [name, artifact] : artifacts) {
    list.push_back(json::Object{{"name", name},
                                {"digest", FormatDigest(artifact.digest)},
                                {"bytes", artifact.bytes},
                                {"archive", json::EnumName(artifact.archive)}});
  }
  return list;
}

Artifacts ReadArtifacts(const json::Value& list) {
  Artifacts artifacts;
  for (const json::Value& value : list.Elements()) {
    auto artifact = ReadArtifact(value);
    if (artifact && value["name"].IsString()) artifacts[value["name"].AsString()] = *std::move(artifact);
  }
  return artifacts;
}

}  // namespace coreflow::artifact
