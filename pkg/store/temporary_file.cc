#include "pkg/store/temporary_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>

#include "pkg/store/random_name.h"

namespace coreflow::store {

namespace {

// So that the disk is busy while the next bytes are made, and the sync at the end is short.
constexpr size_t kFlushEvery = size_t{16} << 20;

}  // namespace

Result<TemporaryFile> TemporaryFile::Make(const files::Descriptor& folder, const std::string& path) {
  TRY(std::string name, RandomName());
  files::Descriptor file(
      ::openat(folder.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) return files::SystemError(path, errno);
  return TemporaryFile(folder.get(), std::move(name), path, std::move(file));
}

TemporaryFile::~TemporaryFile() {
  if (file_) ::unlinkat(folder_, name_.c_str(), 0);
}

Result<void> TemporaryFile::Write(std::string_view bytes) {
  TRY_VOID(files::WriteAll(file_, bytes, path_));
  unflushed_ += bytes.size();
  if (unflushed_ < kFlushEvery) return {};
  unflushed_ = 0;
  ::sync_file_range(file_.get(), 0, 0, SYNC_FILE_RANGE_WRITE);
  return {};
}

Result<void> TemporaryFile::MoveTo(const files::Descriptor& folder, const std::string& name, Existing existing) {
  TRY_VOID(files::Sync(file_, path_));
  if (existing == Existing::kKeep) {
    TRY_VOID(Link(folder.get(), name));
  } else if (::renameat(folder_, name_.c_str(), folder.get(), name.c_str()) != 0) {
    return files::SystemError(path_, errno);
  }
  file_.Close();
  return files::Sync(folder, path_);
}

Result<void> TemporaryFile::Link(int folder, const std::string& name) {
  int failed = ::renameat2(folder_, name_.c_str(), folder, name.c_str(), RENAME_NOREPLACE) == 0 ? 0 : errno;
  if (failed == EINVAL || failed == ENOSYS) {  // NFS can't, but has links
    failed = ::linkat(folder_, name_.c_str(), folder, name.c_str(), 0) == 0 ? 0 : errno;
    if (failed == 0) ::unlinkat(folder_, name_.c_str(), 0);
  }
  if (failed == 0) return {};
  if (failed == EEXIST) return Error{.code = Code::kAlreadyExists, .message = name + " exists"};
  return files::SystemError(path_, failed);
}

}  // namespace coreflow::store
