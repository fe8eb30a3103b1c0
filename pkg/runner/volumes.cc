#include "pkg/runner/volumes.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace coreflow::runner {

namespace {

namespace fs = std::filesystem;

std::string FolderOf(const std::string& folder, const std::string& volume) { return folder + "/volumes/" + volume; }

Error Invalid(std::string message) { return {.code = Code::kInvalid, .message = std::move(message)}; }

Result<void> WriteFile(const std::string& root, const std::string& path, const std::string& text) {
  const fs::path target = (fs::path(root) / path).lexically_normal();
  if (!target.string().starts_with(root + "/")) return Invalid("\"" + path + "\" leads out of its volume");
  std::error_code error;
  fs::create_directories(target.parent_path(), error);
  std::ofstream file(target, std::ios::binary);
  file << text;
  if (!file.flush()) return Invalid("can't write " + target.string());
  return {};
}

// `source` is a configMap or secret volume source, or one of a projected volume.
Result<void> WriteKeys(const std::string& root, const json::Value& source, bool secret, const Lookup& lookup) {
  const std::string name = source[source["secretName"].IsNull() ? "name" : "secretName"].StringOr("");
  const json::Value object = lookup(secret ? "secrets" : "configmaps", name);
  if (object.IsNull()) {
    if (source["optional"].BoolOr(false)) return {};
    return Error{.code = Code::kNotFound, .message = (secret ? "secret \"" : "configmap \"") + name + "\" not found"};
  }
  const auto data = DataOf(object);
  if (source["items"].IsNull()) {
    for (const auto& [key, text] : data) TRY_VOID(WriteFile(root, key, text));
    return {};
  }
  for (const json::Value& item : source["items"].Elements()) {
    const auto found = data.find(item["key"].StringOr(""));
    if (found == data.end()) {
      if (source["optional"].BoolOr(false)) continue;
      return Error{.code = Code::kNotFound, .message = "references non-existent key " + item["key"].StringOr("")};
    }
    TRY_VOID(WriteFile(root, item["path"].StringOr(""), found->second));
  }
  return {};
}

Result<void> MakeHostPath(const json::Value& source, const HostPaths& allowed) {
  const std::string path = source["path"].StringOr("");
  std::error_code error;
  const fs::path there = fs::weakly_canonical(path, error);
  const bool may = std::ranges::any_of(allowed.roots, [&](const std::string& root) {
    std::error_code ignored;
    const fs::path wanted = fs::weakly_canonical(fs::path(root) / "", ignored);
    const fs::path folder = wanted.has_filename() ? wanted : wanted.parent_path();
    return std::ranges::mismatch(folder, there).in1 == folder.end();
  });
  if (!may || !fs::path(path).is_absolute()) return Invalid("hostPath " + path + " is below none of the allowed roots");
  if (source["type"].StringOr("") == "DirectoryOrCreate") fs::create_directories(path, error);
  if (!fs::exists(path, error)) return Invalid("hostPath " + path + " does not exist");
  return {};
}

Result<void> Make(const json::Value& volume, const std::string& root, const HostPaths& allowed, const Lookup& lookup) {
  if (!volume["hostPath"].IsNull()) return MakeHostPath(volume["hostPath"], allowed);
  std::error_code error;
  fs::create_directories(root, error);
  if (error) return Invalid("can't make " + root + ": " + error.message());
  if (!volume["emptyDir"].IsNull()) {
    fs::permissions(root, fs::perms::all, error);  // an image's user may be any
    return {};
  }
  if (!volume["configMap"].IsNull()) return WriteKeys(root, volume["configMap"], false, lookup);
  if (!volume["secret"].IsNull()) return WriteKeys(root, volume["secret"], true, lookup);
  if (volume["projected"].IsNull()) {
    return Invalid("volume " + volume["name"].StringOr("") + " is of a kind that does not exist here");
  }
  for (const json::Value& source : volume["projected"]["sources"].Elements()) {
    if (!source["configMap"].IsNull()) TRY_VOID(WriteKeys(root, source["configMap"], false, lookup));
    if (!source["secret"].IsNull()) TRY_VOID(WriteKeys(root, source["secret"], true, lookup));
  }
  return {};
}

}  // namespace

Result<void> MakeVolumes(const json::Value& pod, const std::string& folder, const HostPaths& allowed,
                         const Lookup& lookup) {
  for (const json::Value& volume : pod["spec"]["volumes"].Elements()) {
    TRY_VOID(Make(volume, FolderOf(folder, volume["name"].StringOr("")), allowed, lookup));
  }
  return {};
}

void RemoveVolumes(const std::string& folder) {
  std::error_code ignored;
  fs::remove_all(folder + "/volumes", ignored);
}

Result<std::vector<Mount>> MountsOf(const json::Value& pod, const json::Value& container, const std::string& folder) {
  std::vector<Mount> mounts;
  for (const json::Value& mount : container["volumeMounts"].Elements()) {
    const auto& volumes = pod["spec"]["volumes"].Elements();
    const auto volume =
        std::ranges::find_if(volumes, [&](const json::Value& one) { return one["name"] == mount["name"]; });
    if (volume == volumes.end()) return Invalid("there is no volume " + mount["name"].StringOr(""));
    const json::Value& host = (*volume)["hostPath"];
    std::string source = host.IsNull() ? FolderOf(folder, mount["name"].StringOr("")) : host["path"].StringOr("");
    if (const std::string below = mount["subPath"].StringOr(""); !below.empty()) {
      const fs::path path = fs::path(below).lexically_normal();
      if (path.is_absolute() || path.string().starts_with("..")) return Invalid("subPath " + below + " leads out");
      source += "/" + path.string();
      std::error_code error;
      if (!fs::exists(source, error)) fs::create_directories(source, error);
    }
    mounts.push_back({.source = std::move(source),
                      .target = mount["mountPath"].StringOr(""),
                      .read_only = mount["readOnly"].BoolOr(false) || !(*volume)["secret"].IsNull() ||
                                   !(*volume)["configMap"].IsNull()});
  }
  return mounts;
}

}  // namespace coreflow::runner
