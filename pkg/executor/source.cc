#include "pkg/executor/source.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "pkg/base/overloaded.h"

namespace coreflow::executor {

namespace {

// Trying again would not help, whatever it was.
Error Wrong(const std::string& what) { return {.code = Code::kInvalid, .message = what}; }

Result<size_t> ReadArchive(archive::TarWriter& writer, std::span<char> buffer, const std::string& path) {
  size_t filled = 0;
  while (filled < buffer.size()) {
    const auto count = writer.Read(buffer.subspan(filled));
    if (!count) return Wrong(path + ": " + count.error().message);
    if (*count == 0) break;
    filled += *count;
  }
  return filled;
}

Result<size_t> ReadFile(const files::Descriptor& file, std::span<char> buffer, const std::string& path) {
  auto count = files::ReadFull(file, buffer, path);
  if (!count) return Wrong(count.error().message);
  return count;
}

}  // namespace

Result<Source> Source::Open(const Artifact& artifact) {
  const std::string& path = artifact.path;
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR)
      return Error{.code = Code::kNotFound, .message = "there is nothing at " + path};
    return Wrong(files::SystemError(path, errno).message);
  }
  if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) return Wrong(path + " is neither a file nor a folder");
  if (artifact.archive != "None") {
    auto writer = archive::TarWriter::Open(path);
    if (!writer) return Wrong(writer.error().message);
    return Source(*std::move(writer), path);
  }
  if (S_ISDIR(status.st_mode)) return Wrong(path + " is a folder, which needs the archive Tar or TarZstd");
  files::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) return Wrong(files::SystemError(path, errno).message);
  return Source(std::move(file), path);
}

Result<size_t> Source::Read(std::span<char> buffer) {
  return std::visit(overloaded{[&](archive::TarWriter& writer) { return ReadArchive(writer, buffer, path_); },
                               [&](files::Descriptor& file) { return ReadFile(file, buffer, path_); }},
                    opened_);
}

}  // namespace coreflow::executor
