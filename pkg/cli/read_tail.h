#pragma once

#include <cstddef>
#include <string>

#include "pkg/base/result.h"
#include "pkg/cli/session.h"

namespace coreflow::cli {

// A text that was read, or its end.
struct TextTail {
  std::string text = {};
  bool cut = false;  // there was more before it
};

// Reads a text that a request answers with, whatever its length, and keeps its last `most` bytes, from the beginning of
// a line on. Errors are worded; kCancelled after Ctrl-C. No byte for 30 seconds is an error.
Result<TextTail> ReadTail(Session& session, const Result<kube::Request>& request, size_t most);

}  // namespace coreflow::cli
