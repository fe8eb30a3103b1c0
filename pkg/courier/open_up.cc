#include "pkg/courier/open_up.h"

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "pkg/files/descriptor.h"

namespace coreflow::courier {

namespace {

Result<void> OpenOne(const std::filesystem::path& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return files::SystemError(path, errno);
  if (S_ISLNK(status.st_mode)) return {};
  const mode_t mode = (status.st_mode & S_IXUSR) != 0 ? 0777 : 0666;
  if (::chmod(path.c_str(), mode) != 0) return files::SystemError(path, errno);
  return {};
}

}  // namespace

Result<void> OpenUp(const std::string& path) {
  namespace fs = std::filesystem;
  TRY_VOID(OpenOne(path));
  std::error_code error;
  if (!fs::is_directory(fs::symlink_status(path, error))) return {};
  for (fs::recursive_directory_iterator next(path, error), end; !error && next != end; next.increment(error)) {
    TRY_VOID(OpenOne(next->path()));
  }
  if (error) return files::SystemError(path, error.value());
  return {};
}

}  // namespace coreflow::courier
