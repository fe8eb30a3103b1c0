#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "pkg/cli/store_reader.h"

namespace coreflow::cli {

// Reads a log that was kept and hands over its lines, without their ends, as they come; what has no end for a mebibyte
// is cut there. With `tail`, so many at the end, as far as they fit into kMostTail bytes. Errors as of
// StoreReader::Read; the lines that came before one may be others than were kept.
Result<void> ReadKeptLog(const StoreReader& reader, const artifact::Artifact& log, std::optional<int64_t> tail,
                         const std::function<void(std::string_view line)>& on_line);

inline constexpr size_t kMostTail = size_t{16} << 20;

}  // namespace coreflow::cli
