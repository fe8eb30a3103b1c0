#include "pkg/compression/zstd.h"

#include <zstd.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pkg/base/check.h"

namespace coreflow::compression {

namespace {

Error Wrong(const std::string& what) { return {.code = Code::kInvalid, .message = "zstd: " + what}; }

}  // namespace

struct ZstdReader::State {
  Source source;
  std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context{ZSTD_createCCtx(), ZSTD_freeCCtx};
  std::vector<char> buffer = std::vector<char>(ZSTD_CStreamInSize());
  ZSTD_inBuffer input = {};
  bool source_ended = false;
  bool ended = false;
};

ZstdReader::ZstdReader(Source source, int level) : state_(std::make_unique<State>()) {
  state_->source = std::move(source);
  CHECK(state_->context != nullptr, "there is memory");
  ZSTD_CCtx_setParameter(state_->context.get(), ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(state_->context.get(), ZSTD_c_checksumFlag, 1);
}

ZstdReader::~ZstdReader() = default;
ZstdReader::ZstdReader(ZstdReader&&) noexcept = default;

Result<size_t> ZstdReader::Read(std::span<char> buffer) {
  State& s = *state_;
  ZSTD_outBuffer output{.dst = buffer.data(), .size = buffer.size(), .pos = 0};
  while (output.pos == 0 && !s.ended) {
    if (s.input.pos == s.input.size && !s.source_ended) {
      // Full blocks only, so that the pieces of the source don't show.
      size_t filled = 0;
      while (filled < s.buffer.size() && !s.source_ended) {
        TRY(const size_t count, s.source(std::span(s.buffer).subspan(filled)));
        filled += count;
        s.source_ended = count == 0;
      }
      s.input = {.src = s.buffer.data(), .size = filled, .pos = 0};
    }
    const auto what = s.source_ended ? ZSTD_e_end : ZSTD_e_continue;
    const size_t left = ZSTD_compressStream2(s.context.get(), &output, &s.input, what);
    CHECK(ZSTD_isError(left) == 0, "compressing fails only without memory");
    s.ended = s.source_ended && left == 0;
  }
  return output.pos;
}

struct ZstdWriter::State {
  Sink sink;
  ZstdLimits limits;
  std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context{ZSTD_createDCtx(), ZSTD_freeDCtx};
  std::vector<char> buffer = std::vector<char>(ZSTD_DStreamOutSize());
  uint64_t written = 0;
  bool whole = false;  // what came so far ends with a frame
  std::optional<Error> failed = {};

  Result<void> Decompress(std::string_view bytes);
};

ZstdWriter::ZstdWriter(Sink sink, const ZstdLimits& limits) : state_(std::make_unique<State>()) {
  state_->sink = std::move(sink);
  state_->limits = limits;
  CHECK(state_->context != nullptr, "there is memory");
  ZSTD_DCtx_setParameter(state_->context.get(), ZSTD_d_windowLogMax, limits.window_log);
}

ZstdWriter::~ZstdWriter() = default;
ZstdWriter::ZstdWriter(ZstdWriter&&) noexcept = default;

Result<void> ZstdWriter::State::Decompress(std::string_view bytes) {
  ZSTD_inBuffer input{.src = bytes.data(), .size = bytes.size(), .pos = 0};
  bool full = false;
  while (input.pos < input.size || full) {
    ZSTD_outBuffer output{.dst = buffer.data(), .size = buffer.size(), .pos = 0};
    const size_t left = ZSTD_decompressStream(context.get(), &output, &input);
    if (ZSTD_isError(left) != 0) return Wrong(ZSTD_getErrorName(left));
    whole = left == 0;
    full = output.pos == output.size && !whole;
    if (output.pos == 0) continue;
    if (output.pos > limits.bytes - written) {
      return Wrong("unpacks to more than the limit of " + std::to_string(limits.bytes) + " bytes");
    }
    written += output.pos;
    TRY_VOID(sink({buffer.data(), output.pos}));
  }
  return {};
}

Result<void> ZstdWriter::Add(std::string_view bytes) {
  State& s = *state_;
  if (!s.failed) {
    auto done = s.Decompress(bytes);
    if (!done) s.failed = done.error();
  }
  return s.failed ? Result<void>(*s.failed) : Result<void>();
}

Result<void> ZstdWriter::Finish() {
  if (state_->failed) return *state_->failed;
  return state_->whole ? Result<void>() : Wrong("is cut off");
}

}  // namespace coreflow::compression
