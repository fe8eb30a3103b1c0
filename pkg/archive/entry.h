#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "pkg/base/result.h"

namespace coreflow::archive {

enum class Kind { kFile, kFolder, kLink };

// One thing in an archive.
struct Entry {
  Kind kind = Kind::kFile;
  std::string name = {};  // "folder/file", without a slash at its end
  uint64_t size = 0;      // of a file
  bool executable = false;
  std::string target = {};  // of a link

  bool operator==(const Entry&) const = default;
};

// kInvalid unless the name is a path below the folder that the archive is for: not absolute, without empty parts, "."
// and "..", at most 128 parts, each at most 255 bytes, together 4,095.
Result<void> CheckName(std::string_view name);

// kInvalid unless a link of that name leads into the folder, wherever other links in there lead: its target is
// relative, and ".." stands only at its beginning, and not too often.
Result<void> CheckTarget(std::string_view name, std::string_view target);

// The name for a message: quoted, cut to 200 bytes, with \xNN for what is no plain character.
std::string Show(std::string_view name);

}  // namespace coreflow::archive
