#pragma once

#include <string>
#include <string_view>

#include "pkg/base/result.h"
#include "pkg/files/descriptor.h"

namespace coreflow::store {

// A file that nobody sees until it is whole: written under a random name, synced, then moved to its place. Goes away
// with this object unless it was moved.
class TemporaryFile {
 public:
  // In `folder`, which outlives it, with mode 0600. `path` is the folder's, for errors.
  static Result<TemporaryFile> Make(const files::Descriptor& folder, const std::string& path);
  TemporaryFile(TemporaryFile&&) noexcept = default;
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  ~TemporaryFile();

  Result<void> Write(std::string_view bytes);

  enum class Existing { kReplace, kKeep };
  // Under `name` in `folder`, of the same file system, safe from a crash. kAlreadyExists when the name is taken and to
  // be kept.
  Result<void> MoveTo(const files::Descriptor& folder, const std::string& name, Existing existing);

 private:
  TemporaryFile(int folder, std::string name, std::string path, files::Descriptor file)
      : folder_(folder), name_(std::move(name)), path_(std::move(path)), file_(std::move(file)) {}
  Result<void> Link(int folder, const std::string& name);

  int folder_;
  std::string name_;
  std::string path_;
  files::Descriptor file_;  // none: moved
  size_t unflushed_ = 0;
};

}  // namespace coreflow::store
