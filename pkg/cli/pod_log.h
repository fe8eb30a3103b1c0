#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/cli/session.h"

namespace coreflow::cli {

// What of a step's log is read.
struct LogOptions {
  bool follow = false;                 // until the container ends
  std::optional<int64_t> tail = {};    // so many lines at the end; else all
  std::optional<Duration> since = {};  // not older than that
};

// Streams the log of a step's pod. `on_line` gets each line without its end, `on_end` runs once; both on the loop, and
// neither after the ticket was cancelled and the loop has run what was due. Errors are worded.
Result<kube::Client::Ticket> StreamLog(Session& session, const kube::ObjectKey& pod, const LogOptions& options,
                                       std::function<void(std::string_view line)> on_line,
                                       std::function<void(const std::optional<Error>& error)> on_end);

// The lines of a log, read at once.
Result<std::vector<std::string>> ReadLog(Session& session, const kube::ObjectKey& pod, const LogOptions& options);

}  // namespace coreflow::cli
