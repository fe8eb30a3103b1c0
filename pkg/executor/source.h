#pragma once

#include <span>
#include <variant>

#include "pkg/archive/tar_writer.h"
#include "pkg/base/result.h"
#include "pkg/executor/command_line.h"
#include "pkg/files/descriptor.h"

namespace coreflow::executor {

// The bytes of an artifact, as the courier gets them: a file's own, or those of a tar archive of the file or folder.
class Source {
 public:
  // kNotFound when nothing is at its path; kInvalid, with the path, when what is there can't be sent.
  static Result<Source> Open(const Artifact& artifact);

  // Fills as much of the buffer as there is; less than its size only at the end. kInvalid, with what can't be read.
  Result<size_t> Read(std::span<char> buffer);

 private:
  using Opened = std::variant<files::Descriptor, archive::TarWriter>;

  Source(Opened opened, std::string path) : opened_(std::move(opened)), path_(std::move(path)) {}

  Opened opened_;
  std::string path_;
};

}  // namespace coreflow::executor
