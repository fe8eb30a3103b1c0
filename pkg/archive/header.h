#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pkg/archive/entry.h"
#include "pkg/base/result.h"

// The blocks in front of each entry of a tar archive: ustar, with extended headers of pax where it is too narrow
// (POSIX.1-2017, pax, "ustar Interchange Format" and "pax Interchange Format").
namespace coreflow::archive {

inline constexpr size_t kBlock = 512;

// How many zero bytes follow that many of a file.
inline size_t Padding(uint64_t size) { return static_cast<size_t>((kBlock - size % kBlock) % kBlock); }

// What one block says; not checked further than its form.
struct Header {
  char type = '0';
  std::string name = {};
  uint64_t size = 0;
  uint32_t mode = 0;
  std::string target = {};
};

// What an extended header says about the entry behind it.
struct Extension {
  std::optional<std::string> name = {};
  std::optional<uint64_t> size = {};
  std::optional<std::string> target = {};
};

// The longest extended header that is read; a name and a target fit well.
inline constexpr uint64_t kMostExtension = uint64_t{64} << 10;

// kInvalid when the checksum is wrong, it is no ustar, or a number is none. REQUIRES: block.size() == kBlock.
Result<Header> ParseHeader(std::string_view block);

// kInvalid for records that are malformed, that stand twice, or that mean a sparse file. Others, such as times, are
// passed over.
Result<Extension> ParseExtension(std::string_view records);

// The blocks in front of an entry. The same entry gives the same bytes: owner, group and time are 0, the mode is 0644,
// or 0755 for what is executable and for folders.
std::string FormatHeader(const Entry& entry);

}  // namespace coreflow::archive
