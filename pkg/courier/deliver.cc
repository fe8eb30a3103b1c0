#include "pkg/courier/deliver.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "pkg/archive/extractor.h"
#include "pkg/compression/zstd.h"
#include "pkg/courier/open_up.h"
#include "pkg/files/descriptor.h"

namespace coreflow::courier {

namespace {

Result<void> Clear(const std::string& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  if (error) return files::SystemError(path, error.value());
  return {};
}

// What the disk can't do now is no reason to try again.
Result<void> Lasting(const Result<void>& done) {
  if (done || done.error().code != Code::kUnavailable) return done;
  return Error{.code = Code::kInvalid, .message = done.error().message};
}

Result<void> DeliverFile(const BlobClient& client, const artifact::Parcel& parcel, const std::string& path) {
  const files::Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (!file) return Lasting(files::SystemError(path, errno));
  TRY_VOID(client.Get(parcel.artifact, parcel.token,
                      [&](std::string_view bytes) { return Lasting(files::WriteAll(file, bytes, path)); }));
  return Lasting(OpenUp(path));
}

Result<void> DeliverFolder(const BlobClient& client, const artifact::Parcel& parcel, const std::string& path) {
  TRY_VOID(Lasting(MakeEmptyFolder(path)));
  TRY(archive::Extractor extractor, archive::Extractor::Into(path, archive::ExtractLimits{}));
  const auto extract = [&](std::string_view bytes) { return Lasting(extractor.Add(bytes)); };
  if (parcel.artifact.archive == api::Archive::kTarZstd) {
    compression::ZstdWriter zstd(extract, compression::ZstdLimits{});
    TRY_VOID(client.Get(parcel.artifact, parcel.token, [&](std::string_view bytes) { return zstd.Add(bytes); }));
    TRY_VOID(zstd.Finish());
  } else {
    TRY_VOID(client.Get(parcel.artifact, parcel.token, extract));
  }
  TRY_VOID(Lasting(extractor.Finish()));
  return Lasting(OpenUp(path));
}

}  // namespace

Result<void> MakeEmptyFolder(const std::string& path) {
  TRY_VOID(Clear(path));
  if (::mkdir(path.c_str(), 0777) != 0) return files::SystemError(path, errno);
  return OpenUp(path);
}

Result<void> Deliver(const BlobClient& client, const artifact::Parcel& parcel, const std::string& path) {
  TRY_VOID(Lasting(Clear(path)));
  return parcel.artifact.archive == api::Archive::kNone ? DeliverFile(client, parcel, path)
                                                        : DeliverFolder(client, parcel, path);
}

}  // namespace coreflow::courier
