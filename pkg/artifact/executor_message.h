#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "pkg/artifact/usage.h"
#include "pkg/base/result.h"

namespace coreflow::artifact {

// What coreflow-exec leaves as the termination message of the container whose command it ran: one line of JSON,
//
//   {"format":1,"outputs":"…","artifacts":{"model":"<64 hexadecimal digits>:<bytes>"},"usage":{…},"problem":"…"}
struct ExecutorMessage {
  struct Stored {
    std::string digest = {};
    int64_t bytes = 0;

    bool operator==(const Stored&) const = default;
  };
  std::string outputs = {};  // what the command wrote to $COREFLOW_OUTPUT
  std::map<std::string, Stored, std::less<>> artifacts = {};
  std::optional<Usage> usage = {};
  std::string problem = {};  // why an artifact could not be kept, with its name; empty: there was none

  bool operator==(const ExecutorMessage&) const = default;
};

// kInvalid for anything else: the command may write there itself, and the kubelet cuts what is too long.
Result<ExecutorMessage> ReadExecutorMessage(std::string_view text);

}  // namespace coreflow::artifact
