#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "pkg/base/result.h"
#include "pkg/files/descriptor.h"

namespace coreflow::executor {

// The file that what a command prints is kept in. What goes wrong with it never concerns the command: the file is cut,
// and its last line says so. For one thread, with SIGXFSZ blocked.
class LogFile {
 public:
  // An empty file, also where one is there; no link is followed. It never has more than `most` bytes, if that is enough
  // for its last line.
  static Result<LogFile> Create(const std::string& path, uint64_t most);

  // Nothing more is taken after the first failure, or beyond `most`. Blocks as long as the disk does.
  void Add(std::string_view bytes);

  // Ends it. An error: it is cut, and could not say so.
  Result<void> Finish();

 private:
  LogFile(files::Descriptor file, std::string path, uint64_t most)
      : file_(std::move(file)), path_(std::move(path)), most_(most) {}

  files::Descriptor file_;
  std::string path_;
  uint64_t most_;
  uint64_t size_ = 0;
  std::string cut_ = {};  // why; empty: all of it is there
};

}  // namespace coreflow::executor
