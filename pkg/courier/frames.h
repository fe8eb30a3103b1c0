#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "pkg/base/result.h"
#include "pkg/http/blocking_connection.h"

namespace coreflow::courier {

// What coreflow-exec sends for an artifact: a line, then frames, each a length of 4 bytes (big-endian, up to
// kMostFrame) and so many bytes; one of length 0 is the end. For one thread; the connection outlives it. kCancelled
// when the connection ends before that, kInvalid for what is none of this.
class FrameReader {
 public:
  explicit FrameReader(http::BlockingConnection& connection) : connection_(connection) {}

  // Without its end. Once, before the frames. kInvalid when it is longer than 1 KiB.
  Result<std::string> ReadLine();
  // Fills a part of the buffer with what is in the frames; 0: the end came. REQUIRES: the buffer has room.
  Result<size_t> Read(std::span<char> buffer);

 private:
  Result<size_t> ReadSome(std::span<char> buffer);
  Result<void> ReadFull(std::span<char> buffer);

  http::BlockingConnection& connection_;
  uint32_t left_ = 0;  // of the frame
  bool ended_ = false;
};

inline constexpr uint32_t kMostFrame = uint32_t{1} << 20;

}  // namespace coreflow::courier
