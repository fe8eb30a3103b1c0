#include "pkg/archive/tar_writer.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <utility>

#include "pkg/archive/header.h"

namespace coreflow::archive {

namespace {

using files::Descriptor;

Error Changed(const std::string& name) {
  return {.code = Code::kConflict, .message = Show(name) + ": changed while it was packed"};
}

Error Failed(const std::string& name, int error) { return files::SystemError(Show(name), error); }

Result<std::vector<std::string>> SortedNames(const Descriptor& folder, const std::string& shown) {
  const std::unique_ptr<DIR, int (*)(DIR*)> listing(::fdopendir(::fcntl(folder.get(), F_DUPFD_CLOEXEC, 0)), ::closedir);
  if (!listing) return Failed(shown, errno);
  std::vector<std::string> names;
  while (true) {
    errno = 0;
    const dirent* next = ::readdir(listing.get());
    if (next == nullptr && errno != 0) return Failed(shown, errno);
    if (next == nullptr) break;
    const std::string name = next->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::string> ReadLink(const Descriptor& folder, const std::string& name, const std::string& shown) {
  std::array<char, 4096> target{};
  const ssize_t size = ::readlinkat(folder.get(), name.c_str(), target.data(), target.size());
  if (size < 0) return Failed(shown, errno);
  return std::string(target.data(), static_cast<size_t>(size));
}

Error NotPacked(const std::string& name) {
  return {.code = Code::kInvalid, .message = Show(name) + ": neither file, folder nor link; take it out of the folder"};
}

}  // namespace

Result<TarWriter> TarWriter::Open(const std::string& path) {
  Descriptor opened(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!opened) return Failed(path, errno);
  struct stat status {};
  if (::fstat(opened.get(), &status) != 0) return Failed(path, errno);
  TarWriter writer;
  if (S_ISDIR(status.st_mode)) {
    TRY_VOID(writer.Enter(std::move(opened), ""));
    return writer;
  }
  if (!S_ISREG(status.st_mode)) return NotPacked(path);
  const std::string name = path.substr(path.rfind('/') + 1);
  TRY_VOID(CheckName(name));
  TRY_VOID(writer.BeginFile(std::move(opened), {.name = name}));
  return writer;
}

Result<void> TarWriter::Enter(Descriptor folder, std::string prefix) {
  TRY(auto names, SortedNames(folder, prefix));
  levels_.push_back({.folder = std::move(folder), .prefix = std::move(prefix), .names = std::move(names)});
  return {};
}

Result<void> TarWriter::Advance() {
  while (!levels_.empty() && levels_.back().next == levels_.back().names.size()) levels_.pop_back();
  if (levels_.empty()) {
    ended_ = true;
    blocks_.append(2 * kBlock, '\0');
    return {};
  }
  Level& level = levels_.back();
  const std::string name = level.names[level.next++];
  const std::string entry_name = level.prefix + name;
  TRY_VOID(CheckName(entry_name));
  return Begin(level.folder, name, entry_name);
}

Result<void> TarWriter::Begin(const Descriptor& folder, const std::string& name, const std::string& entry_name) {
  struct stat status {};
  if (::fstatat(folder.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return Failed(entry_name, errno);
  if (S_ISLNK(status.st_mode)) {
    TRY(std::string target, ReadLink(folder, name, entry_name));
    TRY_VOID(CheckTarget(entry_name, target));
    blocks_ += FormatHeader({.kind = Kind::kLink, .name = entry_name, .target = std::move(target)});
    return {};
  }
  if (!S_ISDIR(status.st_mode) && !S_ISREG(status.st_mode)) return NotPacked(entry_name);
  // What is opened is looked at again: it may be another by now. A name from a listing leads nowhere else, so openat2,
  // which not every container's runtime lets through, has nothing to add.
  const int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW | (S_ISDIR(status.st_mode) ? O_DIRECTORY : 0);
  Descriptor opened(::openat(folder.get(), name.c_str(), flags));
  if (!opened) return Failed(entry_name, errno);
  if (S_ISDIR(status.st_mode)) {
    blocks_ += FormatHeader({.kind = Kind::kFolder, .name = entry_name});
    return Enter(std::move(opened), entry_name + "/");
  }
  return BeginFile(std::move(opened), {.name = entry_name});
}

Result<void> TarWriter::BeginFile(Descriptor file, Entry entry) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return Failed(entry.name, errno);
  if (!S_ISREG(status.st_mode)) return Changed(entry.name);
  entry.size = static_cast<uint64_t>(status.st_size);
  entry.executable = (status.st_mode & S_IXUSR) != 0;
  blocks_ += FormatHeader(entry);
  file_ = std::move(file);
  file_name_ = entry.name;
  left_ = entry.size;
  padding_ = Padding(entry.size);
  return {};
}

Result<size_t> TarWriter::Read(std::span<char> buffer) {
  while (true) {
    if (given_ < blocks_.size()) {
      const size_t count = blocks_.copy(buffer.data(), buffer.size(), given_);
      given_ += count;
      return count;
    }
    blocks_.clear();
    given_ = 0;
    if (file_) {
      TRY(const size_t count, ReadFile(buffer));
      if (count > 0) return count;
    } else if (ended_) {
      return size_t{0};
    } else {
      TRY_VOID(Advance());
    }
  }
}

// 0 when the file has ended; then its padding is in blocks_.
Result<size_t> TarWriter::ReadFile(std::span<char> buffer) {
  if (left_ > 0) {
    const size_t wanted = std::min<uint64_t>(buffer.size(), left_);
    TRY(const size_t count, files::ReadFull(file_, buffer.first(wanted), Show(file_name_)));
    if (count < wanted) return Changed(file_name_);
    left_ -= count;
    return count;
  }
  char more = 0;
  TRY(const size_t grown, files::ReadFull(file_, {&more, 1}, Show(file_name_)));
  if (grown != 0) return Changed(file_name_);
  blocks_.append(padding_, '\0');
  file_.Close();
  return size_t{0};
}

}  // namespace coreflow::archive
