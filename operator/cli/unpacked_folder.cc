#include "operator/cli/unpacked_folder.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "pkg/archive/extractor.h"
#include "pkg/files/descriptor.h"
#include "pkg/store/random_name.h"

namespace coreflow::cli {

namespace {

namespace fs = std::filesystem;

Error IsThere(const std::string& path) {
  return {.code = Code::kAlreadyExists, .message = path + " is there already, and is no empty folder"};
}

// Goes away with this object unless it was renamed.
struct Scratch {
  explicit Scratch(std::string the_path) : path(std::move(the_path)) {}
  ~Scratch() {
    std::error_code ignored;
    if (!path.empty()) fs::remove_all(path, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::string path;
};

class UnpackedFolder : public NewFile {
 public:
  UnpackedFolder(std::string path, std::unique_ptr<Scratch> scratch, archive::Extractor extractor)
      : path_(std::move(path)), scratch_(std::move(scratch)), extractor_(std::move(extractor)) {}

  Result<void> Write(std::string_view bytes) override { return extractor_.Add(bytes); }
  // rename(2) replaces an empty folder, and nothing else.
  Result<void> Finish() override {
    TRY_VOID(extractor_.Finish());
    if (std::rename(scratch_->path.c_str(), path_.c_str()) != 0) {
      const bool taken = errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR;
      return taken ? IsThere(path_) : files::SystemError(path_, errno);
    }
    scratch_->path.clear();
    return {};
  }

 private:
  const std::string path_;
  const std::unique_ptr<Scratch> scratch_;
  archive::Extractor extractor_;
};

}  // namespace

Result<std::unique_ptr<NewFile>> UnpackFolder(const std::string& path) {
  std::string place = path;
  while (place.size() > 1 && place.ends_with('/')) place.pop_back();
  std::error_code ignored;
  const fs::file_status status = fs::symlink_status(place, ignored);
  if (fs::exists(status) && !(fs::is_directory(status) && fs::is_empty(place, ignored))) return IsThere(path);
  TRY(const std::string name, store::RandomName());
  auto scratch = std::make_unique<Scratch>(place + "." + name);
  if (::mkdir(scratch->path.c_str(), 0777) != 0) return files::SystemError(path, errno);
  TRY(archive::Extractor extractor, archive::Extractor::Into(scratch->path, archive::ExtractLimits{}));
  return std::unique_ptr<NewFile>(std::make_unique<UnpackedFolder>(place, std::move(scratch), std::move(extractor)));
}

}  // namespace coreflow::cli
