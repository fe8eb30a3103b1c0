#include "pkg/kubeconfig/read_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace coreflow::kubeconfig {

namespace {

constexpr size_t kMost = size_t{1} << 20;

Error Failed(const std::string& path, int error) {
  Code code = error == ENOENT || error == ENOTDIR ? Code::kNotFound : Code::kUnavailable;
  return {.code = code, .message = path + ": " + std::strerror(error)};
}

}  // namespace

Result<std::string> ReadFile(const std::string& path) {
  int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return Failed(path, errno);
  std::string text;
  std::array<char, 16384> buffer{};
  ssize_t got = 0;
  while (text.size() <= kMost && (got = ::read(file, buffer.data(), buffer.size())) > 0) {
    text.append(buffer.data(), static_cast<size_t>(got));
  }
  int error = errno;
  ::close(file);
  if (got < 0) return Failed(path, error);
  if (text.size() > kMost) return Error{.code = Code::kInvalid, .message = path + ": bigger than 1 MiB"};
  return text;
}

}  // namespace coreflow::kubeconfig
