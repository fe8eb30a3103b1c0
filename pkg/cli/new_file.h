#pragma once

#include <string_view>

#include "pkg/base/result.h"

namespace coreflow::cli {

// A file that a command makes. Unless it is finished, nothing is left of it. For one thread.
class NewFile {
 public:
  virtual ~NewFile() = default;
  // Adds to its end.
  virtual Result<void> Write(std::string_view bytes) = 0;
  // It is whole. Nothing may be added afterwards.
  virtual Result<void> Finish() = 0;
};

}  // namespace coreflow::cli
