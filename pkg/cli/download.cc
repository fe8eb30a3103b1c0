#include "pkg/cli/download.h"

#include <memory>

#include "pkg/compression/zstd.h"

namespace coreflow::cli {

namespace {

Result<void> ToFolder(Environment& environment, const StoreReader& reader, const artifact::Artifact& artifact,
                      const std::string& path) {
  TRY(const auto folder, environment.unpack_folder(path));
  const auto unpack = [&](std::string_view bytes) { return folder->Write(bytes); };
  if (artifact.archive == api::Archive::kTarZstd) {
    compression::ZstdWriter zstd(unpack, compression::ZstdLimits{});
    TRY_VOID(reader.Read(artifact, [&](std::string_view bytes) { return zstd.Add(bytes); }));
    TRY_VOID(zstd.Finish());
  } else {
    TRY_VOID(reader.Read(artifact, unpack));
  }
  return folder->Finish();
}

}  // namespace

Result<void> Download(Environment& environment, const StoreReader& reader, const artifact::Artifact& artifact,
                      const Destination& destination) {
  if (destination.file.empty()) return ToFolder(environment, reader, artifact, destination.folder);
  if (destination.file == "-") {
    return reader.Read(artifact, [&](std::string_view bytes) -> Result<void> {
      environment.out(bytes);
      return {};
    });
  }
  TRY(const auto file, environment.download_file(destination.file, destination.replace));
  TRY_VOID(reader.Read(artifact, [&](std::string_view bytes) { return file->Write(bytes); }));
  return file->Finish();
}

}  // namespace coreflow::cli
