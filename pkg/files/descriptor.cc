#include "pkg/files/descriptor.h"

#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace coreflow::files {

namespace {

Code CodeOf(int error) {
  switch (error) {
    case ENOENT: return Code::kNotFound;
    case EACCES:
    case EPERM:
    case EROFS: return Code::kForbidden;
    case ELOOP:
    case EXDEV:
    case ENOTDIR:
    case EISDIR:
    case ENXIO:
    case ENAMETOOLONG: return Code::kInvalid;
    case ENOSPC:
    case EDQUOT: return Code::kTooMany;
    default: return Code::kUnavailable;
  }
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    Close();
    fd_ = other.Release();
  }
  return *this;
}

void Descriptor::Close() {
  if (fd_ >= 0) ::close(Release());
}

Error SystemError(const std::string& what, int error) {
  return {.code = CodeOf(error), .message = what + ": " + std::generic_category().message(error)};
}

Result<void> WriteAll(const Descriptor& file, std::string_view bytes, const std::string& what) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return SystemError(what, errno);
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return {};
}

Result<size_t> ReadFull(const Descriptor& file, std::span<char> buffer, const std::string& what) {
  size_t filled = 0;
  while (filled < buffer.size()) {
    const ssize_t count = ::read(file.get(), buffer.data() + filled, buffer.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return SystemError(what, errno);
    if (count == 0) break;
    filled += static_cast<size_t>(count);
  }
  return filled;
}

Result<void> Sync(const Descriptor& file, const std::string& what) {
  if (::fsync(file.get()) != 0) return SystemError(what, errno);
  return {};
}

}  // namespace coreflow::files
