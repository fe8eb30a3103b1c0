#include "operator/cli/downloaded_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include "pkg/files/descriptor.h"
#include "pkg/store/temporary_file.h"

namespace coreflow::cli {

namespace {

using Existing = store::TemporaryFile::Existing;

Error IsThere(const std::string& path) {
  return {.code = Code::kAlreadyExists, .message = path + " is there already; --force replaces it"};
}

class DownloadedFile : public NewFile {
 public:
  DownloadedFile(std::string path, Existing existing, std::unique_ptr<files::Descriptor> folder,
                 store::TemporaryFile file)
      : path_(std::move(path)), existing_(existing), folder_(std::move(folder)), file_(std::move(file)) {}

  Result<void> Write(std::string_view bytes) override { return file_.Write(bytes); }
  Result<void> Finish() override {
    auto moved = file_.MoveTo(*folder_, std::filesystem::path(path_).filename(), existing_);
    if (!moved && moved.error().code == Code::kAlreadyExists) return IsThere(path_);
    return moved;
  }

 private:
  const std::string path_;
  const Existing existing_;
  const std::unique_ptr<files::Descriptor> folder_;  // outlives the file
  store::TemporaryFile file_;
};

}  // namespace

Result<std::unique_ptr<NewFile>> DownloadFile(const std::string& path, bool replace) {
  const std::filesystem::path place(path);
  if (!place.has_filename()) return Error{.code = Code::kInvalid, .message = path + " is no name of a file"};
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) return Error{.code = Code::kAlreadyExists, .message = path + " is a folder"};
    if (!replace) return IsThere(path);
  }
  const std::string above = place.has_parent_path() ? place.parent_path().string() : ".";
  auto folder = std::make_unique<files::Descriptor>(::open(above.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!*folder) return files::SystemError(above, errno);
  TRY(store::TemporaryFile file, store::TemporaryFile::Make(*folder, above));
  return std::unique_ptr<NewFile>(std::make_unique<DownloadedFile>(path, replace ? Existing::kReplace : Existing::kKeep,
                                                                   std::move(folder), std::move(file)));
}

}  // namespace coreflow::cli
