#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "pkg/archive/entry.h"
#include "pkg/base/result.h"
#include "pkg/files/descriptor.h"

namespace coreflow::archive {

// Packs a folder, or one file, as a tar archive (ustar, with pax headers where names or sizes need them). What is
// packed decides every byte of it: entries are sorted by name, owners and times left out, and of the mode only the
// owner's right to execute is kept. So equal contents give equal digests. For one thread; holds one file at a time, and
// the names of the folders above it.
//
// Folders, files and links are packed, a file with several names once for each. kInvalid, with the entry's name, for
// what else there may be (devices, FIFOs, sockets), and for links that leave the folder (see CheckTarget). kConflict
// when something changes meanwhile.
class TarWriter {
 public:
  // A folder's entries have names relative to it; a file is the one entry, under its own name. A link there is
  // followed.
  static Result<TarWriter> Open(const std::string& path);

  // The next bytes of the archive: fills a part of the buffer and says how much; 0 is the end. After an error there is
  // nothing more to be had. REQUIRES: the buffer has room.
  Result<size_t> Read(std::span<char> buffer);

 private:
  // A folder that is being packed.
  struct Level {
    files::Descriptor folder;
    std::string prefix;  // of its entries' names: "a/b/"
    std::vector<std::string> names;
    size_t next = 0;
  };

  TarWriter() = default;
  Result<void> Enter(files::Descriptor folder, std::string prefix);
  // Makes the blocks of the next entry, or of the end.
  Result<void> Advance();
  Result<void> Begin(const files::Descriptor& folder, const std::string& name, const std::string& entry_name);
  Result<size_t> ReadFile(std::span<char> buffer);
  Result<void> BeginFile(files::Descriptor file, Entry entry);

  std::vector<Level> levels_;
  std::string blocks_;      // made, and not yet given
  size_t given_ = 0;        // of blocks_
  files::Descriptor file_;  // whose bytes come behind blocks_
  std::string file_name_;
  uint64_t left_ = 0;  // of the file
  size_t padding_ = 0;
  bool ended_ = false;
};

}  // namespace coreflow::archive
