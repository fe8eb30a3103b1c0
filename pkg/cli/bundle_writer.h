#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/archive/entry.h"
#include "pkg/base/result.h"
#include "pkg/cli/new_file.h"
#include "pkg/compression/gzip.h"

namespace coreflow::cli {

// The archive of `coreflow support-bundle`: a .tar.gz with one folder, whose index.txt lists what is in it and what is
// not, and why. Holds one file at a time. For one thread.
class BundleWriter {
 public:
  // `file` outlives it.
  explicit BundleWriter(NewFile& file);

  // A file in the archive. `path` comes from the names of objects, so from anybody: what is no plain letter, digit, dot
  // or dash in its parts becomes an underscore. Once the archive has kMostBytes, what comes is left out, and that is
  // noted. Errors are the file's.
  Result<void> Add(const std::vector<std::string>& path, std::string_view text);

  // Something that could not be had. The reason is not shortened: it is the caller's to redact.
  void Omit(const std::string& what, const std::string& why);

  // Adds the index and ends the archive; the file is not finished yet.
  Result<void> Finish();

  size_t files() const { return files_; }
  size_t omitted() const { return omitted_.size(); }

  static constexpr uint64_t kMostBytes = uint64_t{256} << 20;  // before they are compressed

 private:
  Result<void> Write(const std::string& name, std::string_view text);

  compression::GzipWriter gzip_;
  std::string index_;
  std::vector<std::string> omitted_;
  uint64_t bytes_ = 0;
  size_t files_ = 0;
  size_t beyond_ = 0;  // files that there was no room for
};

}  // namespace coreflow::cli
