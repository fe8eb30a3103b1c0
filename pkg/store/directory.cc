#include "pkg/store/directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <set>
#include <utility>

#include "pkg/files/beneath.h"
#include "pkg/files/descriptor.h"
#include "pkg/store/entry_name.h"
#include "pkg/store/room.h"
#include "pkg/store/temporary_file.h"
#include "pkg/store/verdicts.h"

namespace coreflow::store {

namespace {

using files::Descriptor;

constexpr mode_t kFolderMode = 0700;
constexpr size_t kPiece = size_t{1} << 20;

Time ToTime(const timespec& time) {
  return Time(std::chrono::floor<Duration>(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec)));
}

// Of the machine; what a file system writes into its files is this or a server's.
Time Now() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

// Safe from a crash.
Result<Descriptor> MakeFolder(const Descriptor& root, const std::string& path) {
  return files::MakeFolderBeneath(root, path, kFolderMode,
                                  {.after = [&](const Descriptor& above) { return files::Sync(above, path); }});
}

struct Place {
  std::string folder;
  std::string name;
  std::string path() const { return folder + "/" + name; }
};

Place PlaceOf(const Digest& digest) { return {.folder = "blobs/" + digest.hex().substr(0, 2), .name = digest.hex()}; }

// REQUIRES: the name is an entry's.
Place PlaceOf(const std::string& entry) {
  const size_t slash = entry.rfind('/');
  return {.folder = "entries/" + entry.substr(0, slash), .name = entry.substr(slash + 1)};
}

// Calls `visit` for each name in a folder; nothing when the folder is missing.
Result<void> ForEachName(const Descriptor& root, const std::string& folder,
                         const std::function<Result<void>(const Descriptor&, const std::string&)>& visit) {
  auto opened = files::OpenBeneath(root, folder, O_RDONLY | O_DIRECTORY);
  if (!opened && opened.error().code == Code::kNotFound) return {};
  if (!opened) return opened.error();
  const std::unique_ptr<DIR, int (*)(DIR*)> names(::fdopendir(::fcntl(opened->get(), F_DUPFD_CLOEXEC, 0)), ::closedir);
  if (!names) return files::SystemError(folder, errno);
  while (true) {
    errno = 0;
    const dirent* next = ::readdir(names.get());
    if (next == nullptr && errno != 0) return files::SystemError(folder, errno);
    if (next == nullptr) return {};
    const std::string name = next->d_name;
    if (name != "." && name != "..") TRY_VOID(visit(*opened, name));
  }
}

// nullopt when it is no ordinary file, or gone.
std::optional<struct stat> FileStatus(const Descriptor& folder, const std::string& name) {
  struct stat status {};
  if (::fstatat(folder.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode)) {
    return std::nullopt;
  }
  return status;
}

class Directory : public Store {
 public:
  Directory(std::string path, Descriptor root, Descriptor temporary, std::optional<uint64_t> blob_bytes)
      : path_(std::move(path)),
        root_(std::move(root)),
        temporary_(std::move(temporary)),
        room_(blob_bytes, [this] { return Measure(); }) {}

  Result<Blob> PutBlob(const Source& source, const Expected& expected) override;
  Result<void> ReadBlob(const Digest& digest, const Sink& sink) override;
  Result<void> ReadBlobRange(const Digest& digest, uint64_t offset, uint64_t length, const Sink& sink) override;
  Result<uint64_t> BlobSize(const Digest& digest) override;
  Result<Duration> BlobAge(const Digest& digest) override;
  Result<void> DeleteBlob(const Digest& digest) override;
  Result<void> ListBlobs(const std::function<Result<void>(const ListedBlob&)>& visit) override;

  Result<void> PutEntryIfAbsent(const std::string& name, const std::string& value) override;
  Result<void> PutEntry(const std::string& name, const std::string& value) override;
  Result<std::string> GetEntry(const std::string& name) override;
  Result<void> DeleteEntry(const std::string& name) override;
  Result<EntryPage> ListEntries(const std::string& prefix, size_t limit, const std::string& page) override;

  Result<void> SweepLeftovers(Duration untouched_for) override;

 private:
  // The error with the store's name in front of it.
  Error In(const Error& error) const {
    const char* full = error.code == Code::kTooMany ? "the store is full: " : "";
    return {.code = error.code, .message = full + path_ + ": " + error.message};
  }

  // An ordinary file and its size.
  Result<std::pair<Descriptor, uint64_t>> Open(const Place& place) const;
  Result<std::pair<Descriptor, uint64_t>> OpenBlob(const Digest& digest) const;
  // Makes a blob young again; false when there is none.
  Result<bool> Renew(const Blob& blob);
  Result<Blob> Fill(TemporaryFile& file, RoomForBlob& room, const Source& source, const Expected& expected) const;
  Result<void> Install(TemporaryFile& file, const Place& place, TemporaryFile::Existing existing) const;
  Result<void> WriteEntry(const std::string& name, const std::string& value, TemporaryFile::Existing existing) const;
  Result<void> Delete(const Place& place) const;
  // What blobs take, also those that are being put.
  Result<uint64_t> Measure();

  const std::string path_;
  const Descriptor root_;
  const Descriptor temporary_;
  Room room_;
};

Result<std::pair<Descriptor, uint64_t>> Directory::Open(const Place& place) const {
  auto file = files::OpenBeneath(root_, place.path(), O_RDONLY);
  if (!file) return file.error().code == Code::kNotFound ? file.error() : In(file.error());
  struct stat status {};
  if (::fstat(file->get(), &status) != 0) return In(files::SystemError(place.path(), errno));
  if (!S_ISREG(status.st_mode)) {
    return In({.code = Code::kInvalid, .message = place.path() + " is not an ordinary file"});
  }
  return std::pair(*std::move(file), static_cast<uint64_t>(status.st_size));
}

Result<std::pair<Descriptor, uint64_t>> Directory::OpenBlob(const Digest& digest) const {
  auto opened = Open(PlaceOf(digest));
  if (!opened && opened.error().code == Code::kNotFound) return NoSuchBlob(digest, path_);
  return opened;
}

Result<bool> Directory::Renew(const Blob& blob) {
  auto opened = OpenBlob(blob.digest);
  if (!opened && opened.error().code == Code::kNotFound) return false;
  if (!opened) return opened.error();
  if (opened->second != blob.size) return false;  // damaged: put anew
  if (::futimens(opened->first.get(), nullptr) != 0) return In(files::SystemError("blobs", errno));
  // A sweeper may have deleted it just before.
  return BlobSize(blob.digest).has_value();
}

Result<Blob> Directory::PutBlob(const Source& source, const Expected& expected) {
  if (expected.digest) {
    auto size = BlobSize(*expected.digest);
    if (!size && size.error().code != Code::kNotFound) return size.error();
    if (size && (!expected.size || *expected.size == *size)) {
      const Blob blob{.digest = *expected.digest, .size = *size};
      TRY(bool there, Renew(blob));
      if (there) return blob;
    }
  }
  RoomForBlob room(room_);
  auto file = TemporaryFile::Make(temporary_, "tmp");
  if (!file) return In(file.error());
  TRY(Blob blob, Fill(*file, room, source, expected));
  TRY_VOID(CheckExpected(blob, expected));
  const bool replaces = BlobSize(blob.digest).has_value();
  TRY_VOID(Install(*file, PlaceOf(blob.digest), TemporaryFile::Existing::kReplace));
  if (!replaces) room.Keep();
  return blob;
}

Result<Blob> Directory::Fill(TemporaryFile& file, RoomForBlob& room, const Source& source,
                             const Expected& expected) const {
  Hasher hasher;
  uint64_t size = 0;
  std::vector<char> buffer(kPiece);
  while (true) {
    TRY(const size_t count, source(buffer));
    if (count == 0) break;
    size += count;
    // Else a source without an end would fill the disk.
    if (expected.size && size > *expected.size) break;
    hasher.Add({buffer.data(), count});
    if (auto grown = room.Grow(size); !grown) return In(grown.error());
    if (auto written = file.Write({buffer.data(), count}); !written) return In(written.error());
  }
  return Blob{.digest = hasher.Finish(), .size = size};
}

Result<void> Directory::Install(TemporaryFile& file, const Place& place, TemporaryFile::Existing existing) const {
  auto folder = MakeFolder(root_, place.folder);
  if (!folder) return In(folder.error());
  auto moved = file.MoveTo(*folder, place.name, existing);
  if (!moved) return moved.error().code == Code::kAlreadyExists ? moved.error() : In(moved.error());
  return {};
}

Result<void> Directory::ReadBlob(const Digest& digest, const Sink& sink) {
  TRY(const auto opened, OpenBlob(digest));
  Hasher hasher;
  std::vector<char> buffer(kPiece);
  while (true) {
    auto count = files::ReadFull(opened.first, buffer, digest.hex());
    if (!count) return In(count.error());
    if (*count == 0) break;
    hasher.Add({buffer.data(), *count});
    TRY_VOID(sink({buffer.data(), *count}));
  }
  if (hasher.Finish() != digest) return WrongBytes(digest, path_);
  return {};
}

Result<void> Directory::ReadBlobRange(const Digest& digest, uint64_t offset, uint64_t length, const Sink& sink) {
  TRY(const auto opened, OpenBlob(digest));
  if (offset >= opened.second) return {};
  length = std::min(length, opened.second - offset);
  if (::lseek(opened.first.get(), static_cast<off_t>(offset), SEEK_SET) < 0) {
    return In(files::SystemError(digest.hex(), errno));
  }
  std::vector<char> buffer(std::min<uint64_t>(kPiece, length));
  while (length > 0) {
    const size_t wanted = std::min<uint64_t>(buffer.size(), length);
    auto count = files::ReadFull(opened.first, std::span(buffer).first(wanted), digest.hex());
    if (!count) return In(count.error());
    if (*count < wanted) return WrongBytes(digest, path_);  // shorter than a moment ago
    TRY_VOID(sink({buffer.data(), *count}));
    length -= *count;
  }
  return {};
}

Result<uint64_t> Directory::BlobSize(const Digest& digest) {
  TRY(const auto opened, OpenBlob(digest));
  return opened.second;
}

Result<Duration> Directory::BlobAge(const Digest& digest) {
  TRY(const auto opened, OpenBlob(digest));
  struct stat status {};
  if (::fstat(opened.first.get(), &status) != 0) return In(files::SystemError(digest.hex(), errno));
  return Now() - ToTime(status.st_mtim);
}

Result<void> Directory::Delete(const Place& place) const {
  auto folder = files::OpenBeneath(root_, place.folder, O_RDONLY | O_DIRECTORY);
  if (!folder && folder.error().code == Code::kNotFound) return {};
  if (!folder) return In(folder.error());
  if (::unlinkat(folder->get(), place.name.c_str(), 0) != 0 && errno != ENOENT) {
    return In(files::SystemError(place.path(), errno));
  }
  return {};
}

Result<void> Directory::DeleteBlob(const Digest& digest) {
  const auto size = BlobSize(digest);
  TRY_VOID(Delete(PlaceOf(digest)));
  if (size) room_.GiveBack(OnDisk(*size));
  return {};
}

Result<uint64_t> Directory::Measure() {
  uint64_t bytes = 0;
  TRY_VOID(ListBlobs([&](const ListedBlob& listed) -> Result<void> {
    bytes += OnDisk(listed.blob.size);
    return {};
  }));
  TRY_VOID(ForEachName(root_, "tmp", [&](const Descriptor& folder, const std::string& name) -> Result<void> {
    if (const auto status = FileStatus(folder, name)) bytes += OnDisk(static_cast<uint64_t>(status->st_size));
    return {};
  }));
  return bytes;
}

Result<void> Directory::ListBlobs(const std::function<Result<void>(const ListedBlob&)>& visit) {
  const auto list_folder = [&](const Descriptor& folder, const std::string& name) -> Result<void> {
    const auto digest = Digest::Parse(name);
    const auto status = digest ? FileStatus(folder, name) : std::nullopt;
    if (!status) return {};
    return visit({.blob = {.digest = *digest, .size = static_cast<uint64_t>(status->st_size)},
                  .age = Now() - ToTime(status->st_mtim)});
  };
  return ForEachName(root_, "blobs", [&](const Descriptor&, const std::string& name) {
    return ForEachName(root_, "blobs/" + name, list_folder);
  });
}

Result<void> Directory::WriteEntry(const std::string& name, const std::string& value,
                                   TemporaryFile::Existing existing) const {
  TRY_VOID(CheckEntryName(name));
  TRY_VOID(CheckEntryValue(name, value));
  auto file = TemporaryFile::Make(temporary_, "tmp");
  if (!file) return In(file.error());
  if (auto written = file->Write(value); !written) return In(written.error());
  return Install(*file, PlaceOf(name), existing);
}

Result<void> Directory::PutEntryIfAbsent(const std::string& name, const std::string& value) {
  auto written = WriteEntry(name, value, TemporaryFile::Existing::kKeep);
  if (!written && written.error().code == Code::kAlreadyExists) return EntryExists(name, path_);
  return written;
}

Result<void> Directory::PutEntry(const std::string& name, const std::string& value) {
  return WriteEntry(name, value, TemporaryFile::Existing::kReplace);
}

Result<std::string> Directory::GetEntry(const std::string& name) {
  TRY_VOID(CheckEntryName(name));
  auto opened = Open(PlaceOf(name));
  if (!opened && opened.error().code == Code::kNotFound) return NoSuchEntry(name, path_);
  if (!opened) return opened.error();
  std::string value(std::min<uint64_t>(opened->second, kMostEntryBytes + 1), '\0');
  TRY_VOID(CheckEntryValue(name, value));
  auto count = files::ReadFull(opened->first, value, name);
  if (!count) return In(count.error());
  value.resize(*count);
  return value;
}

Result<void> Directory::DeleteEntry(const std::string& name) {
  TRY_VOID(CheckEntryName(name));
  return Delete(PlaceOf(name));
}

Result<EntryPage> Directory::ListEntries(const std::string& prefix, size_t limit, const std::string& page) {
  TRY_VOID(CheckEntryPrefix(prefix));
  TRY_VOID(CheckPageLimit(limit));
  // Each page keeps the least names behind those of the page before, so its memory does not grow with the store.
  std::set<std::string> least;
  const auto may_hold = [&](const std::string& folder) {
    return folder.starts_with(prefix) || prefix.starts_with(folder);
  };
  const auto add = [&](const std::string& name) -> Result<void> {
    if (name <= page || !name.starts_with(prefix) || !CheckEntryName(name)) return {};
    least.insert(name);
    if (least.size() > limit + 1) least.erase(std::prev(least.end()));
    return {};
  };
  using Folder = const Descriptor&;
  auto listed = ForEachName(root_, "entries", [&](Folder, const std::string& name_space) -> Result<void> {
    if (!may_hold(name_space + "/")) return {};
    return ForEachName(root_, "entries/" + name_space, [&](Folder, const std::string& kind) -> Result<void> {
      const std::string folder = name_space + "/" + kind + "/";
      if (!may_hold(folder)) return {};
      return ForEachName(root_, "entries/" + folder, [&](Folder, const std::string& key) { return add(folder + key); });
    });
  });
  if (!listed) return In(listed.error());
  const bool more = least.size() > limit;
  if (more) least.erase(std::prev(least.end()));
  EntryPage found{.names = {least.begin(), least.end()}};
  if (more) found.next = found.names.back();
  return found;
}

Result<void> Directory::SweepLeftovers(Duration untouched_for) {
  auto swept = ForEachName(root_, "tmp", [&](const Descriptor& folder, const std::string& name) -> Result<void> {
    const auto status = FileStatus(folder, name);
    if (!status || Now() - ToTime(status->st_mtim) < untouched_for) return {};
    if (::unlinkat(folder.get(), name.c_str(), 0) != 0 && errno != ENOENT)
      return files::SystemError("tmp/" + name, errno);
    return {};
  });
  if (!swept) return In(swept.error());
  return {};
}

}  // namespace

Result<std::unique_ptr<Store>> NewDirectoryStore(const std::string& path, std::optional<uint64_t> blob_bytes) {
  if (::mkdir(path.c_str(), kFolderMode) != 0 && errno != EEXIST) return files::SystemError(path, errno);
  Descriptor root(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!root) return files::SystemError(path, errno);
  auto temporary = MakeFolder(root, "tmp");
  if (!temporary) {
    return Error{.code = temporary.error().code, .message = path + ": " + temporary.error().message};
  }
  return std::unique_ptr<Store>(std::make_unique<Directory>(path, std::move(root), *std::move(temporary), blob_bytes));
}

}  // namespace coreflow::store
