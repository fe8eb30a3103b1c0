#include "operator/cli/file_on_disk.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "pkg/files/descriptor.h"

namespace coreflow::cli {

namespace {

class FileOnDisk : public NewFile {
 public:
  FileOnDisk(std::string path, files::Descriptor file) : path_(std::move(path)), file_(std::move(file)) {}
  ~FileOnDisk() override {
    if (!finished_) ::unlink(path_.c_str());
  }

  Result<void> Write(std::string_view bytes) override { return files::WriteAll(file_, bytes, path_); }
  Result<void> Finish() override {
    TRY_VOID(files::Sync(file_, path_));
    finished_ = true;
    return {};
  }

 private:
  const std::string path_;
  const files::Descriptor file_;
  bool finished_ = false;
};

}  // namespace

Result<std::unique_ptr<NewFile>> CreateFileOnDisk(const std::string& path) {
  files::Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file && errno == EEXIST) {
    return Error{.code = Code::kAlreadyExists, .message = path + " is there already, and is not replaced"};
  }
  if (!file) return files::SystemError(path, errno);
  return std::unique_ptr<NewFile>(std::make_unique<FileOnDisk>(path, std::move(file)));
}

}  // namespace coreflow::cli
