#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "pkg/api/types.gen.h"
#include "pkg/json/value.h"

namespace coreflow::artifact {

// A file or folder that a step has left, in the artifact store.
struct Artifact {
  std::string digest = {};  // SHA-256 of what is stored: 64 lower-case hexadecimal digits
  int64_t bytes = 0;        // of what is stored
  api::Archive archive = api::Archive::kNone;

  bool operator==(const Artifact&) const = default;
};

// The name of what a step wrote to $COREFLOW_OUTPUT, where that is large; no step can declare it.
inline constexpr char kOutputsArtifact[] = "$outputs";
// The name under which what the command printed is kept (archiveLogs), and how much of it at most.
inline constexpr char kLogArtifact[] = "$log";
inline constexpr int64_t kMostLog = int64_t{100} << 20;

// By name, as a step declares them.
using Artifacts = std::map<std::string, Artifact, std::less<>>;

// As records, cache entries and couriers have them: [{name, digest: "sha256:…", bytes, archive}].
json::Value ToJson(const Artifacts& artifacts);
// What is no artifact is left out: anybody may have written it.
Artifacts ReadArtifacts(const json::Value& list);

// "sha256:…" and back; nullopt for anything else.
std::string FormatDigest(const std::string& hex);
std::optional<std::string> ParseDigest(const std::string& text);

std::optional<api::Archive> ParseArchive(const std::string& name);  // "None", "Tar", "TarZstd"

}  // namespace coreflow::artifact
