#include "pkg/courier/frames.h"

#include <algorithm>
#include <array>

namespace coreflow::courier {

namespace {

constexpr size_t kMostLine = 1024;

Error CutOff(const std::string& why) {
  return {.code = Code::kCancelled, .message = "coreflow-exec does not send the artifact to its end: " + why};
}
Error Bad(std::string what) { return {.code = Code::kInvalid, .message = std::move(what)}; }

}  // namespace

Result<size_t> FrameReader::ReadSome(std::span<char> buffer) {
  auto count = connection_.Read(buffer);
  if (!count) return CutOff(count.error().message);
  if (*count == 0) return CutOff("it closed the connection");
  return count;
}

Result<void> FrameReader::ReadFull(std::span<char> buffer) {
  while (!buffer.empty()) {
    TRY(const size_t count, ReadSome(buffer));
    buffer = buffer.subspan(count);
  }
  return {};
}

Result<std::string> FrameReader::ReadLine() {
  std::string line;
  while (line.size() < kMostLine) {
    char next = 0;
    TRY_VOID(ReadFull({&next, 1}));
    if (next == '\n') return line;
    line += next;
  }
  return Bad("the first line is too long");
}

Result<size_t> FrameReader::Read(std::span<char> buffer) {
  if (ended_) return size_t{0};
  if (left_ == 0) {
    std::array<char, 4> length{};
    TRY_VOID(ReadFull(length));
    for (char byte : length) left_ = left_ << 8 | static_cast<unsigned char>(byte);
    ended_ = left_ == 0;
    if (left_ > kMostFrame) return Bad("a frame is longer than 1 MiB");
    if (ended_) return size_t{0};
  }
  TRY(const size_t count, ReadSome(buffer.first(std::min<size_t>(buffer.size(), left_))));
  left_ -= static_cast<uint32_t>(count);
  return count;
}

}  // namespace coreflow::courier
