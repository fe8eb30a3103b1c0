#pragma once

#include <array>
#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>

#include "pkg/json/value.h"

namespace coreflow::logging {

enum class Level { kDebug, kInfo, kWarn, kError };
constexpr auto EnumNames(Level) { return std::to_array<std::string_view>({"debug", "info", "warn", "error"}); }

// A fact of a message. Keys are constants in lowerCamelCase from a short list (workflow, job, step, pod, controller,
// error, …), never time, level or msg.
struct Field {
  std::string_view key;
  json::Value value;
};
using Fields = std::initializer_list<Field>;

// No value takes more than this many bytes: what we log comes from objects that anybody may have written. The rest is
// cut, and the value says how much.
inline constexpr size_t kMaxValueBytes = 2048;

// Fields as members of a JSON object, each with a comma before it: `,"workflow":"ml/train"`.
std::string FormatFields(Fields fields);

// One line, without its newline: a JSON object that starts with time (RFC 3339, microseconds, UTC), level and msg,
// then `context` (from FormatFields) and the fields.
std::string FormatLine(std::chrono::system_clock::time_point time, Level level, std::string_view message,
                       std::string_view context, Fields fields);

}  // namespace coreflow::logging
