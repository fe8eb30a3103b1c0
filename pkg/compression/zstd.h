#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "pkg/base/result.h"

namespace coreflow::compression {

// Gives the next bytes: fills a part of the buffer and says how much; 0 is the end.
using Source = std::function<Result<size_t>(std::span<char>)>;
// Takes the next bytes.
using Sink = std::function<Result<void>(std::string_view)>;

// Compresses what a source gives, as one frame with a checksum. The same bytes give the same frame, with the same
// version of libzstd and level, whatever the pieces they come in. For one thread; about 20 MiB at level 3.
class ZstdReader {
 public:
  // Level 1 (fast) to 19 (small).
  explicit ZstdReader(Source source, int level = 3);
  ~ZstdReader();
  ZstdReader(ZstdReader&&) noexcept;

  // As a source does. Errors are the source's. REQUIRES: the buffer has room.
  Result<size_t> Read(std::span<char> buffer);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

struct ZstdLimits {
  uint64_t bytes = uint64_t{10} << 30;  // that come out
  // A frame that needs a bigger window, 2 to that power in bytes, is refused: so much memory it costs.
  int window_log = 23;
};

// Decompresses frames of zstd that come in pieces from anybody and hands on what is in them, at most 128 KiB at a time.
// For one thread. kInvalid for what is no zstd, is damaged or cut off, or exceeds the limits; errors of the sink are
// passed on. After an error it gives that error for ever.
class ZstdWriter {
 public:
  ZstdWriter(Sink sink, const ZstdLimits& limits);
  ~ZstdWriter();
  ZstdWriter(ZstdWriter&&) noexcept;

  Result<void> Add(std::string_view bytes);
  // Whether the last frame was whole; there has to be one.
  Result<void> Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace coreflow::compression
