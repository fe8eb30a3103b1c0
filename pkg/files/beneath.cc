#include "pkg/files/beneath.h"

#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace coreflow::files {

Result<Descriptor> OpenBeneath(const Descriptor& folder, const std::string& path, int flags, mode_t mode) {
  open_how how{};
  how.flags = static_cast<unsigned>(flags | O_CLOEXEC | ((flags & O_PATH) != 0 ? 0 : O_NONBLOCK));
  how.mode = (flags & (O_CREAT | __O_TMPFILE)) != 0 ? mode : 0;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  while (true) {
    const long fd = ::syscall(SYS_openat2, folder.get(), path.c_str(), &how, sizeof(how));
    if (fd >= 0) return Descriptor(static_cast<int>(fd));
    // EAGAIN: something was renamed meanwhile, and the kernel can't tell whether the path left the folder.
    if (errno != EINTR && errno != EAGAIN) return SystemError(path, errno);
  }
}

Result<Descriptor> MakeFolderBeneath(const Descriptor& folder, const std::string& path, mode_t mode,
                                     const WhenMaking& when) {
  auto found = OpenBeneath(folder, path, O_RDONLY | O_DIRECTORY);
  if (found || found.error().code != Code::kNotFound) return found;
  const size_t slash = path.rfind('/');
  Descriptor above;
  if (slash == std::string::npos) {
    TRY(above, OpenBeneath(folder, ".", O_RDONLY | O_DIRECTORY));
  } else {
    TRY(above, MakeFolderBeneath(folder, path.substr(0, slash), mode, when));
  }
  const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  if (when.before) TRY_VOID(when.before());
  if (::mkdirat(above.get(), name.c_str(), mode) == 0) {
    if (when.after) TRY_VOID(when.after(above));
  } else if (errno != EEXIST) {
    return SystemError(path, errno);
  }
  return OpenBeneath(above, name, O_RDONLY | O_DIRECTORY);
}

}  // namespace coreflow::files
