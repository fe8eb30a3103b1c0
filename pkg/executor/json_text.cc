#include "pkg/executor/json_text.h"

#include <cstdint>

#include "pkg/base/hex.h"

namespace coreflow::executor {

namespace {

// How many bytes the character at the front has; 0 when there is none. REQUIRES: !bytes.empty().
size_t CharacterSize(std::string_view bytes) {
  const auto first = static_cast<uint8_t>(bytes[0]);
  if (first < 0x80) return 1;
  const size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || bytes.size() < size) return 0;
  for (size_t i = 1; i < size; ++i) {
    if ((static_cast<uint8_t>(bytes[i]) & 0xc0) != 0x80) return 0;
  }
  // Longer than need be, half of a UTF-16 pair, or behind the last character.
  const auto second = static_cast<uint8_t>(bytes[1]);
  const bool none = (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
                    (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f);
  return none ? 0 : size;
}

void AppendByte(char c, std::string* json) {
  switch (c) {
    case '"': *json += "\\\""; return;
    case '\\': *json += "\\\\"; return;
    case '\n': *json += "\\n"; return;
    case '\r': *json += "\\r"; return;
    case '\t': *json += "\\t"; return;
    default: break;
  }
  if (static_cast<uint8_t>(c) < ' ') {
    *json += "\\u00" + ToHex({&c, 1});
  } else {
    *json += c;
  }
}

}  // namespace

std::string JsonText(std::string_view bytes) {
  std::string json = "\"";
  while (!bytes.empty()) {
    const size_t size = CharacterSize(bytes);
    if (size == 0) {
      json += "\\ufffd";
    } else if (size == 1) {
      AppendByte(bytes[0], &json);
    } else {
      json += bytes.substr(0, size);
    }
    bytes.remove_prefix(size == 0 ? 1 : size);
  }
  return json + "\"";
}

}  // namespace coreflow::executor
