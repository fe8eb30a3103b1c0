#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "pkg/api/reasons.h"
#include "pkg/graph/value_type.h"
#include "pkg/json/value.h"

namespace coreflow::engine {

// What a container left in the file named by $COREFLOW_OUTPUT, or why it can't be used.
struct ParsedOutputs {
  json::Object values = {};
  // kSucceeded, kOutputsTooLarge or kOutputsInvalid; then `message` says what is wrong and what would be right.
  api::Reason reason = api::Reason::kSucceeded;
  std::string message = {};

  bool operator==(const ParsedOutputs&) const = default;
};

// Kubernetes keeps a message whole that has fewer bytes, of one in so many containers of a pod.
int32_t MessageLimit(int32_t containers);

// Reads `text` as `name=value` lines, or as one JSON object if its first character is `{`. Every declared name must
// stand there once, nothing else may, and each value must be of its type. `containers` is how many containers the
// kubelet reports for the pod: it keeps the last min(4096, 12288 / containers) bytes, so a text of that many bytes or
// more may have been cut and is refused (container status limits of the kubelet).
ParsedOutputs ParseOutputs(std::string_view text, int32_t containers,
                           std::span<const graph::OutputDeclaration> declared);

// The same of outputs that did not pass through the kubelet: they are whole, and have at most kMostOutputs bytes.
ParsedOutputs ParseLargeOutputs(std::string_view text, std::span<const graph::OutputDeclaration> declared);

}  // namespace coreflow::engine
