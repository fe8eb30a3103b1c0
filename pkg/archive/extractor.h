#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "pkg/archive/header.h"
#include "pkg/base/result.h"
#include "pkg/files/descriptor.h"

namespace coreflow::archive {

// What an archive may unpack to.
struct ExtractLimits {
  uint64_t entries = 100'000;  // folders that entries need above them count, too
  uint64_t bytes = uint64_t{10} << 30;
};

// Unpacks a tar archive (ustar or pax) that comes in pieces from somebody who is not to be trusted, into a folder. For
// one thread; holds little more than a header.
//
// Nothing is made outside of the folder: the kernel resolves every path beneath it and through no link (openat2).
// Files, folders and links that stay inside (see CheckTarget) are unpacked, with mode 0644, or 0755 if the owner may
// execute; owners and times are ours.
//
// kInvalid, with the entry's name, for anything else: hard links, devices, FIFOs, sparse files, names that are no paths
// below the folder, names that come twice (but for folders), more than the limits, wrong checksums, an archive that is
// cut off or followed by something. What was unpacked before the error is still there: delete the folder.
class Extractor {
 public:
  // kInvalid unless `path` is an empty folder.
  static Result<Extractor> Into(const std::string& path, const ExtractLimits& limits);

  // The next bytes, cut anywhere. After an error it gives that error for ever.
  Result<void> Add(std::string_view bytes);
  // Whether the archive was whole.
  Result<void> Finish();

 private:
  Extractor(files::Descriptor folder, const ExtractLimits& limits) : folder_(std::move(folder)), limits_(limits) {}

  Result<void> Take(std::string_view* bytes);
  Result<void> TakeBlock(std::string_view block);
  Result<void> BeginExtension(const Header& header);
  Result<void> EndExtension();
  Result<void> BeginEntry(const Header& header);
  Result<void> Make(const Entry& entry);
  Result<void> MakeFile(const files::Descriptor& parent, const std::string& name, const Entry& entry);
  Result<void> Count();

  enum class State { kHeader, kExtension, kFile, kPadding, kEnd };

  files::Descriptor folder_;
  ExtractLimits limits_;
  State state_ = State::kHeader;
  std::string gathered_;  // of a header, or of an extension
  uint64_t left_ = 0;     // of what is being read
  size_t padding_ = 0;    // behind it
  std::optional<Extension> extension_;
  int zero_blocks_ = 0;
  std::string name_;  // of the entry, for errors
  files::Descriptor file_;
  uint64_t entries_ = 0;
  uint64_t bytes_ = 0;
  std::optional<Error> failed_;
};

}  // namespace coreflow::archive
