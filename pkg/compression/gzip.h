#pragma once

#include <memory>
#include <string_view>

#include "pkg/base/result.h"
#include "pkg/compression/zstd.h"

namespace coreflow::compression {

// Compresses what it is given as one member of a gzip file (RFC 1952), without a name or time in it: the same bytes
// give the same file, with the same version of zlib. For what people unpack with the tools that they have; between our
// own parts it is zstd. For one thread; some 300 KiB.
class GzipWriter {
 public:
  explicit GzipWriter(Sink sink);
  ~GzipWriter();
  GzipWriter(GzipWriter&&) noexcept;

  // Errors are the sink's; after one, nothing more may be added.
  Result<void> Add(std::string_view bytes);
  // Nothing may be added afterwards.
  Result<void> Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace coreflow::compression
