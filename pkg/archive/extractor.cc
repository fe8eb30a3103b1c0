#include "pkg/archive/extractor.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "pkg/archive/entry.h"
#include "pkg/files/beneath.h"

namespace coreflow::archive {

namespace {

using files::Descriptor;

constexpr mode_t kFolderMode = 0755;

Error Wrong(const std::string& name, const std::string& what) {
  return {.code = Code::kInvalid, .message = (name.empty() ? "the archive" : Show(name)) + ": " + what};
}

Error Named(const std::string& name, const Error& error) {
  return {.code = error.code, .message = Show(name) + ": " + error.message};
}

bool IsZero(std::string_view block) {
  return std::all_of(block.begin(), block.end(), [](char c) { return c == '\0'; });
}

Result<Kind> KindOf(char type, const std::string& name) {
  switch (type) {
    case '0':
    case '\0': return Kind::kFile;
    case '2': return Kind::kLink;
    case '5': return Kind::kFolder;
    case '1': return Wrong(name, "a hard link; pack the file itself");
    case '3':
    case '4': return Wrong(name, "a device");
    case '6': return Wrong(name, "a FIFO");
    default:
      return Wrong(
          name, "an entry of type " + Show(std::string_view(&type, 1)) + "; files, folders and links can be unpacked");
  }
}

Result<bool> IsEmpty(const Descriptor& folder, const std::string& path) {
  const std::unique_ptr<DIR, int (*)(DIR*)> names(::fdopendir(::fcntl(folder.get(), F_DUPFD_CLOEXEC, 0)), ::closedir);
  if (!names) return files::SystemError(path, errno);
  int count = 0;  // "." and ".." are there always
  while (::readdir(names.get()) != nullptr) ++count;
  return count <= 2;
}

}  // namespace

Result<Extractor> Extractor::Into(const std::string& path, const ExtractLimits& limits) {
  Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder) return files::SystemError(path, errno);
  TRY(const bool empty, IsEmpty(folder, path));
  if (!empty) return Error{.code = Code::kInvalid, .message = path + ": is not empty"};
  return Extractor(std::move(folder), limits);
}

Result<void> Extractor::Add(std::string_view bytes) {
  while (!bytes.empty()) {
    if (failed_) return *failed_;
    if (auto taken = Take(&bytes); !taken) failed_ = taken.error();
  }
  return failed_ ? Result<void>(*failed_) : Result<void>();
}

Result<void> Extractor::Finish() {
  if (failed_) return *failed_;
  if (state_ != State::kEnd || !gathered_.empty()) return Wrong(name_, "the archive is cut off here");
  return {};
}

// Takes as much as the state has a use for.
Result<void> Extractor::Take(std::string_view* bytes) {
  const auto next = [&](uint64_t most) {
    const std::string_view taken = bytes->substr(0, most);
    bytes->remove_prefix(taken.size());
    return taken;
  };
  switch (state_) {
    case State::kHeader:
    case State::kEnd:
      gathered_ += next(kBlock - gathered_.size());
      return gathered_.size() < kBlock ? Result<void>() : TakeBlock(std::exchange(gathered_, ""));
    case State::kExtension:
      gathered_ += next(left_ - gathered_.size());
      return gathered_.size() < left_ ? Result<void>() : EndExtension();
    case State::kFile: {
      const std::string_view piece = next(left_);
      left_ -= piece.size();
      TRY_VOID(files::WriteAll(file_, piece, Show(name_)));
      if (left_ > 0) return {};
      file_.Close();
      state_ = padding_ > 0 ? State::kPadding : State::kHeader;
      return {};
    }
    case State::kPadding:
      padding_ -= next(padding_).size();
      if (padding_ == 0) state_ = State::kHeader;
      return {};
  }
  return {};
}

Result<void> Extractor::TakeBlock(std::string_view block) {
  if (IsZero(block)) {
    // Two end the archive; more of them fill it up.
    if (extension_) return Wrong("", "ends behind an extended header");
    if (++zero_blocks_ == 2) state_ = State::kEnd;
    return {};
  }
  if (zero_blocks_ > 0) return Wrong("", "goes on behind its end");
  auto header = ParseHeader(block);
  if (!header)
    return Wrong("", "behind " + (name_.empty() ? "its beginning" : Show(name_)) + ": " + header.error().message);
  return header->type == 'x' ? BeginExtension(*header) : BeginEntry(*header);
}

Result<void> Extractor::BeginExtension(const Header& header) {
  if (extension_) return Wrong("", "has two extended headers in a row");
  if (header.size > kMostExtension) return Wrong("", "has an extended header of more than 64 KiB");
  left_ = header.size;
  padding_ = Padding(header.size);
  state_ = State::kExtension;
  return left_ > 0 ? Result<void>() : EndExtension();
}

Result<void> Extractor::EndExtension() {
  auto extension = ParseExtension(gathered_);
  gathered_.clear();
  if (!extension) return Wrong("", "behind " + Show(name_) + ": " + extension.error().message);
  extension_ = *std::move(extension);
  state_ = padding_ > 0 ? State::kPadding : State::kHeader;
  return {};
}

Result<void> Extractor::BeginEntry(const Header& header) {
  const Extension extension = std::exchange(extension_, std::nullopt).value_or(Extension{});
  Entry entry{.name = extension.name.value_or(header.name),
              .size = extension.size.value_or(header.size),
              .executable = (header.mode & 0100) != 0,
              .target = extension.target.value_or(header.target)};
  name_ = entry.name;
  TRY(entry.kind, KindOf(header.type, entry.name));
  if (entry.kind == Kind::kFolder && entry.name.ends_with('/')) entry.name.pop_back();
  TRY_VOID(CheckName(entry.name));
  if (entry.kind != Kind::kFile && entry.size != 0) return Wrong(name_, "has bytes, but is no file");
  if (entry.kind == Kind::kLink) TRY_VOID(CheckTarget(entry.name, entry.target));
  if (entry.size > limits_.bytes - bytes_) {
    return Wrong(name_, "the archive unpacks to more than the limit of " + std::to_string(limits_.bytes) + " bytes");
  }
  bytes_ += entry.size;
  return Make(entry);
}

Result<void> Extractor::Count() {
  if (entries_ == limits_.entries) {
    return Wrong(name_, "the archive has more than the limit of " + std::to_string(limits_.entries) + " entries");
  }
  ++entries_;
  return {};
}

Result<void> Extractor::Make(const Entry& entry) {
  const size_t slash = entry.name.rfind('/');
  const files::WhenMaking count{.before = [this] { return Count(); }};
  if (entry.kind == Kind::kFolder) {
    auto made = files::MakeFolderBeneath(folder_, entry.name, kFolderMode, count);
    if (!made) return Named(entry.name, made.error());
    return {};
  }
  const std::string above = slash == std::string::npos ? "." : entry.name.substr(0, slash);
  auto parent = files::MakeFolderBeneath(folder_, above, kFolderMode, count);
  if (!parent) return Named(entry.name, parent.error());
  const std::string name = slash == std::string::npos ? entry.name : entry.name.substr(slash + 1);
  TRY_VOID(Count());
  if (entry.kind == Kind::kFile) return MakeFile(*parent, name, entry);
  if (::symlinkat(entry.target.c_str(), parent->get(), name.c_str()) == 0) return {};
  if (errno == EEXIST) return Wrong(entry.name, "is in the archive twice");
  return files::SystemError(Show(entry.name), errno);
}

Result<void> Extractor::MakeFile(const Descriptor& parent, const std::string& name, const Entry& entry) {
  const mode_t mode = entry.executable ? 0755 : 0644;
  Descriptor file(::openat(parent.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
  if (!file && errno == EEXIST) return Wrong(entry.name, "is in the archive twice");
  if (!file || ::fchmod(file.get(), mode) != 0) return files::SystemError(Show(entry.name), errno);
  left_ = entry.size;
  padding_ = Padding(entry.size);
  if (entry.size == 0) return {};
  file_ = std::move(file);
  state_ = State::kFile;
  return {};
}

}  // namespace coreflow::archive
