#pragma once

#include <vector>

#include "pkg/json/value.h"

namespace coreflow::json {

// Takes lines of JSON as the values that they are the text of. A reader of a stream of bytes that is this too spares
// both sides the text where they live in one process: a line stands for the bytes of Write(line) and a newline, after
// all bytes that were handed over before it, which end with a line.
class LineSink {
 public:
  virtual ~LineSink() = default;
  virtual void OnLines(const std::vector<Value>& lines) = 0;
};

}  // namespace coreflow::json
