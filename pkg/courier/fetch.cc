#include "pkg/courier/fetch.h"

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "pkg/courier/blob_client.h"
#include "pkg/courier/deliver.h"
#include "pkg/files/descriptor.h"

namespace coreflow::courier {

namespace {

Error About(const std::string& what, const Error& error) {
  return {.code = error.code, .message = what + ": " + error.message};
}

// Whatever the umask.
Result<void> MakeFolder(const std::string& path, mode_t mode) {
  if (::mkdir(path.c_str(), mode) != 0 && errno != EEXIST) return files::SystemError(path, errno);
  if (::chmod(path.c_str(), mode) != 0) return files::SystemError(path, errno);
  return {};
}

Result<void> PlaceExecutor(const FetchOptions& options) {
  const std::string folder = options.volume + "/" + artifact::kToolFolder;
  TRY_VOID(MakeFolder(folder, 0755));
  const std::string path = folder + "/" + artifact::kExecutor;
  std::error_code error;
  std::filesystem::copy_file(options.executor, path, std::filesystem::copy_options::overwrite_existing, error);
  if (error) return files::SystemError(options.executor, error.value());
  if (::chmod(path.c_str(), 0755) != 0) return files::SystemError(path, errno);
  return {};
}

class Fetcher {
 public:
  Fetcher(BlobClient client, const FetchOptions& options)
      : client_(std::move(client)), options_(options), patience_(options.patience, options.sleep) {}

  Result<void> Bring(const artifact::Input& input) {
    const std::string what = "input " + input.name;
    const std::string path = options_.volume + "/" + artifact::kInputsFolder + "/" + input.name;
    if (!input.list) return input.parcels.empty() ? Result<void>() : Bring(what, input.parcels.front(), path);
    if (auto made = MakeEmptyFolder(path); !made) return About(what, made.error());
    for (size_t i = 0; i < input.parcels.size(); ++i) {
      const std::string number = std::to_string(i);
      TRY_VOID(Bring(what + " " + number, input.parcels[i], path + "/" + number));
    }
    return {};
  }

 private:
  Result<void> Bring(const std::string& what, const artifact::Parcel& parcel, const std::string& path) {
    while (true) {
      auto done = Deliver(client_, parcel, path);
      if (done) {
        patience_.Restore();
        return {};
      }
      const Error error = About(what, done.error());
      if (error.code != Code::kUnavailable) return error;
      if (options_.report) options_.report(error.message);
      if (!patience_.Wait()) return error;
    }
  }

  const BlobClient client_;
  const FetchOptions& options_;
  Patience patience_;
};

}  // namespace

Result<void> Fetch(const artifact::CourierJob& job, const FetchOptions& options) {
  if (!job.outputs.empty()) {
    if (auto placed = PlaceExecutor(options); !placed) return About(artifact::kExecutor, placed.error());
    TRY_VOID(MakeFolder(options.volume + "/" + artifact::kRunFolder, 0777));
  }
  if (job.inputs.empty()) return {};
  TRY_VOID(MakeFolder(options.volume + "/" + artifact::kInputsFolder, 0755));
  TRY(BlobClient client, BlobClient::Make(job));
  Fetcher fetcher(std::move(client), options);
  for (const artifact::Input& input : job.inputs) TRY_VOID(fetcher.Bring(input));
  return {};
}

}  // namespace coreflow::courier
