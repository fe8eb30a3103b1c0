#include "pkg/json/write.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ostream>

namespace coreflow::json {

namespace {

// Length of the valid UTF-8 sequence at the start of `text`, or 0 (RFC 3629: no surrogates, no over-long forms).
size_t Utf8Length(std::string_view text) {
  auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  auto follows = [&](size_t i) { return i < text.size() && (byte(i) & 0xC0) == 0x80; };
  unsigned char first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if (!follows(1) || !follows(2)) return 0;
    if (first == 0xE0 && byte(1) < 0xA0) return 0;
    if (first == 0xED && byte(1) > 0x9F) return 0;
    return 3;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (!follows(1) || !follows(2) || !follows(3)) return 0;
    if (first == 0xF0 && byte(1) < 0x90) return 0;
    if (first == 0xF4 && byte(1) > 0x8F) return 0;
    return 4;
  }
  return 0;
}

// Which characters stand for themselves, in a table, since most of the time of writing goes by here.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (size_t c = 0x20; c < 0x7F; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();

void AppendQuoted(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const auto plain = std::find_if_not(text.begin(), text.end(), [](unsigned char c) { return kPlain[c]; });
    out.append(text.begin(), plain);
    text.remove_prefix(static_cast<size_t>(plain - text.begin()));
    if (text.empty()) break;
    unsigned char c = static_cast<unsigned char>(text[0]);
    size_t length = Utf8Length(text);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
      length = 1;
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += text[0];
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c < 0x20 || c == 0x7F) {
      out += fmt::format("\\u{:04x}", c);
    } else {
      out.append(text.substr(0, length));
    }
    text.remove_prefix(length);
  }
  out += '"';
}

struct Style {
  bool indented = false;
  bool canonical = false;
};

class Writer {
 public:
  explicit Writer(Style style) : style_(style) {}

  void Append(const Value& value) {
    if (value.IsNull()) out_ += "null";
    if (value.IsBool()) out_ += value.AsBool() ? "true" : "false";
    if (value.IsInt()) out_ += std::to_string(value.AsInt());
    if (value.IsDouble()) AppendDouble(value.AsDouble());
    if (value.IsString()) AppendQuoted(out_, value.AsString());
    if (value.IsArray()) AppendArray(value.AsArray());
    if (value.IsObject()) AppendObject(value.AsObject());
  }

  std::string Take() { return std::move(out_); }

 private:
  void AppendDouble(double number) {
    if (!std::isfinite(number)) {
      out_ += "null";
    } else if (style_.canonical && number == std::floor(number) && std::abs(number) < 9.2e18) {
      out_ += std::to_string(static_cast<int64_t>(number));
    } else {
      std::string digits = fmt::format("{}", number);
      out_ += digits;
      if (digits.find_first_of(".e") == std::string::npos) out_ += ".0";  // so that it reads back as a double
    }
  }

  void AppendArray(const Array& array) {
    Open('[');
    for (const Value& element : array) {
      Separate();
      Append(element);
    }
    Close(']', array.empty());
  }

  void AppendObject(const Object& object) {
    Open('{');
    bool empty = true;
    for (const auto& [name, member] : object) {
      if (style_.canonical && member.IsNull()) continue;
      Separate();
      empty = false;
      AppendQuoted(out_, name);
      out_ += style_.indented ? ": " : ":";
      Append(member);
    }
    Close('}', empty);
  }

  void Open(char bracket) {
    out_ += bracket;
    ++depth_;
    first_ = true;
  }

  void Separate() {
    if (!first_) out_ += ',';
    first_ = false;
    NewLine();
  }

  void Close(char bracket, bool empty) {
    --depth_;
    if (!empty) NewLine();
    out_ += bracket;
    first_ = false;
  }

  void NewLine() {
    if (!style_.indented) return;
    out_ += '\n';
    out_.append(static_cast<size_t>(depth_) * 2, ' ');
  }

  const Style style_;
  std::string out_;
  int depth_ = 0;
  bool first_ = true;
};

std::string WriteWith(Style style, const Value& value) {
  Writer writer(style);
  writer.Append(value);
  return writer.Take();
}

}  // namespace

std::string Write(const Value& value) { return WriteWith({}, value); }
std::string WriteIndented(const Value& value) { return WriteWith({.indented = true}, value); }
std::string WriteCanonical(const Value& value) { return WriteWith({.canonical = true}, value); }

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const size_t length = Utf8Length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string Quote(std::string_view text) {
  std::string out;
  AppendQuoted(out, text);
  return out;
}

void PrintTo(const Value& value, std::ostream* out) {
  std::string text = Write(value);
  out->write(text.data(), static_cast<std::streamsize>(text.size()));
}

}  // namespace coreflow::json
