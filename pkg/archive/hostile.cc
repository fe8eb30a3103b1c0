#include "pkg/archive/hostile.h"

#include <array>
#include <cstdio>

#include "pkg/archive/header.h"

namespace coreflow::archive {

namespace {

std::string Octal(uint64_t number, int digits) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%0*llo", digits, static_cast<unsigned long long>(number));
  return text.data();
}

}  // namespace

std::string Raw(const RawEntry& entry) {
  std::string block(kBlock, '\0');
  block.replace(0, entry.name.size(), entry.name);
  block.replace(100, entry.mode.size(), entry.mode);
  const std::string size = entry.size.empty() ? Octal(entry.bytes.size(), 11) : entry.size;
  block.replace(124, size.size(), size);
  block.replace(148, 8, "        ");
  block[156] = entry.type;
  block.replace(157, entry.target.size(), entry.target);
  block.replace(257, entry.magic.size(), entry.magic);
  block.replace(345, entry.prefix.size(), entry.prefix);
  uint64_t sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  block.replace(148, 6, Octal(sum, 6));
  block[154] = '\0';
  return block + entry.bytes + std::string(Padding(entry.bytes.size()), '\0');
}

std::string Pax(const std::string& key, const std::string& value) {
  const std::string record = " " + key + "=" + value + "\n";
  size_t length = record.size() + 1;
  while (std::to_string(length).size() + record.size() != length) ++length;
  return Raw({.type = 'x', .name = "pax", .bytes = std::to_string(length) + record});
}

std::string End() { return std::string(2 * kBlock, '\0'); }

}  // namespace coreflow::archive
