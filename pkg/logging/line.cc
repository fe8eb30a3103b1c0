#include "pkg/logging/line.h"

#include <fmt/format.h>

#include "pkg/base/time.h"
#include "pkg/json/bind.h"
#include "pkg/json/write.h"

namespace coreflow::logging {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::seconds;

std::string FormatMicroseconds(std::chrono::system_clock::time_point time) {
  const auto second = std::chrono::floor<seconds>(time);
  std::string text = FormatTime(std::chrono::time_point_cast<Duration>(second));
  text.pop_back();  // the Z
  return fmt::format("{}.{:06}Z", text, duration_cast<microseconds>(time - second).count());
}

// The first bytes of a text, without half a character at the end.
std::string Cut(std::string_view text) {
  size_t end = kMaxValueBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return fmt::format("{}… (cut, {} bytes)", text.substr(0, end), text.size());
}

std::string FormatValue(const json::Value& value) {
  if (value.IsString()) {
    const std::string& text = value.AsString();
    return json::Quote(text.size() <= kMaxValueBytes ? text : Cut(text));
  }
  std::string text = json::Write(value);
  return text.size() <= kMaxValueBytes ? text : json::Quote(Cut(text));
}

}  // namespace

std::string FormatFields(Fields fields) {
  std::string text;
  for (const Field& field : fields) {
    text.append(",").append(json::Quote(field.key)).append(":").append(FormatValue(field.value));
  }
  return text;
}

std::string FormatLine(std::chrono::system_clock::time_point time, Level level, std::string_view message,
                       std::string_view context, Fields fields) {
  return fmt::format(R"({{"time":"{}","level":"{}","msg":{}{}{}}})", FormatMicroseconds(time), json::EnumName(level),
                     json::Quote(message), context, FormatFields(fields));
}

}  // namespace coreflow::logging
