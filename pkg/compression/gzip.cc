#include "pkg/compression/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "pkg/base/check.h"

namespace coreflow::compression {

namespace {

// zlib's way to ask for gzip's header and trailer.
constexpr int kGzipWindow = 15 + 16;
constexpr int kMemoryLevel = 8;

}  // namespace

struct GzipWriter::State {
  explicit State(Sink to) : sink(std::move(to)) {
    const int done =
        deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindow, kMemoryLevel, Z_DEFAULT_STRATEGY);
    CHECK(done == Z_OK, "there is memory");
  }
  ~State() { deflateEnd(&stream); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  // Hands on all that `flush` lets come out of the input.
  Result<void> Deflate(int flush) {
    do {
      stream.next_out = buffer.data();
      stream.avail_out = static_cast<uInt>(buffer.size());
      const int done = deflate(&stream, flush);
      CHECK(done != Z_STREAM_ERROR, "the stream is set up and not finished");
      const size_t count = buffer.size() - stream.avail_out;
      if (count > 0) TRY_VOID(sink({reinterpret_cast<const char*>(buffer.data()), count}));
    } while (stream.avail_out == 0);
    return {};
  }

  Sink sink;
  z_stream stream = {};
  std::array<Bytef, 32768> buffer = {};
};

GzipWriter::GzipWriter(Sink sink) : state_(std::make_unique<State>(std::move(sink))) {}
GzipWriter::~GzipWriter() = default;
GzipWriter::GzipWriter(GzipWriter&&) noexcept = default;

Result<void> GzipWriter::Add(std::string_view bytes) {
  while (!bytes.empty()) {
    const size_t count = std::min<size_t>(bytes.size(), std::numeric_limits<uInt>::max());
    state_->stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib does not write there
    state_->stream.avail_in = static_cast<uInt>(count);
    TRY_VOID(state_->Deflate(Z_NO_FLUSH));
    bytes.remove_prefix(count);
  }
  return {};
}

Result<void> GzipWriter::Finish() {
  state_->stream.avail_in = 0;
  return state_->Deflate(Z_FINISH);
}

}  // namespace coreflow::compression
