#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "pkg/base/result.h"

namespace coreflow::files {

// Owns a file descriptor and closes it. -1: none.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor() { Close(); }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  // Gives it away.
  int Release() { return std::exchange(fd_, -1); }
  void Close();

 private:
  int fd_ = -1;
};

// The error of a failed system call: kNotFound when there is no such file, kForbidden when it may not be used, kInvalid
// when the path leads through a link, out of its folder or to another kind of file, kTooMany when the disk is full or
// the quota used up, kUnavailable for all else. The message is `what` and the system's words.
Error SystemError(const std::string& what, int error);

// `what` names the file in errors.
Result<void> WriteAll(const Descriptor& file, std::string_view bytes, const std::string& what);

// Fills as much of the buffer as there is; less than its size only at the end of the file.
Result<size_t> ReadFull(const Descriptor& file, std::span<char> buffer, const std::string& what);

// Makes what was written to a file, or the names in a folder, outlive a crash of the machine.
Result<void> Sync(const Descriptor& file, const std::string& what);

}  // namespace coreflow::files
