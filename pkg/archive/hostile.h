#pragma once

#include <string>

// For tests: archives as nobody should write them.
namespace coreflow::archive {

// What a raw entry says of itself; nothing is checked.
struct RawEntry {
  char type = '0';
  std::string name = {};
  std::string bytes = {};
  std::string target = {};
  std::string mode = "0000644";
  std::string size = {};  // as it stands in the header; empty: that of `bytes`
  std::string magic = {"ustar\00000", 8};
  std::string prefix = {};
};

// Header, with its checksum, bytes and padding.
std::string Raw(const RawEntry& entry);

// An extended header: "path=…".
std::string Pax(const std::string& key, const std::string& value);

std::string End();

}  // namespace coreflow::archive
