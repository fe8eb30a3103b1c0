#include "pkg/store/store_contract.h"

#include <algorithm>
#include <cstring>

#include "pkg/base/dice.h"

namespace coreflow::store {

void PrintTo(const Implementation& implementation, std::ostream* out) { *out << implementation.name; }

Source Bytes::source() {
  return [this](std::span<char> buffer) -> Result<size_t> {
    ++asked;
    const size_t count = std::min({buffer.size(), most, bytes.size() - given});
    std::memcpy(buffer.data(), bytes.data() + given, count);
    given += count;
    return count;
  };
}

std::string SomeBytes(size_t size, uint64_t seed) {
  Dice dice(seed);
  std::string bytes(size, '\0');
  for (size_t at = 0; at < size; at += sizeof(uint64_t)) {
    const uint64_t next = dice.Next();
    std::memcpy(bytes.data() + at, &next, std::min(sizeof(next), size - at));
  }
  return bytes;
}

namespace {

std::string Shown(const Result<void>& read, std::string bytes) {
  if (read) return bytes;
  return std::string(CodeName(read.error().code)) + ": " + read.error().message;
}

}  // namespace

std::string ReadAll(Store& store, const Digest& digest) {
  std::string bytes;
  const auto read = store.ReadBlob(digest, [&](std::string_view piece) -> Result<void> {
    bytes.append(piece);
    return {};
  });
  return Shown(read, std::move(bytes));
}

std::string ReadRange(Store& store, const Digest& digest, uint64_t offset, uint64_t length) {
  std::string bytes;
  const auto read = store.ReadBlobRange(digest, offset, length, [&](std::string_view piece) -> Result<void> {
    bytes.append(piece);
    return {};
  });
  return Shown(read, std::move(bytes));
}

}  // namespace coreflow::store
