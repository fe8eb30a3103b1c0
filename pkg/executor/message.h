#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "pkg/base/result.h"
#include "pkg/executor/usage.h"

namespace coreflow::executor {

// An artifact as the courier has stored it.
struct Stored {
  std::string digest = {};  // SHA-256: 64 lower-case hexadecimal digits
  uint64_t bytes = 0;

  bool operator==(const Stored&) const = default;
};

// What is left for the engine (pkg/artifact/executor_message.h reads it).
struct Message {
  std::string outputs = {};
  std::map<std::string, Stored> artifacts = {};
  std::optional<Usage> usage = {};
  std::string problem = {};  // the first one
};

// One line of JSON, with its end; fields that are empty are left out. It is UTF-8, whatever the fields are: a byte that
// is none becomes U+FFFD.
std::string FormatMessage(const Message& message);

// Into the file as it is there, since the kubelet made it and mounted it; into a new one otherwise. Where one stands
// there already, it is whole at any time, for who may be killed now, when the new one is longer.
Result<void> WriteMessage(const std::string& path, const Message& message);

}  // namespace coreflow::executor
