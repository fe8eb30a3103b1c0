#include "pkg/yaml/write.h"

#include <algorithm>
#include <string_view>
#include <variant>

#include "pkg/json/write.h"
#include "pkg/yaml/scalar.h"

namespace coreflow::yaml {

namespace {

bool IsEmpty(const json::Value& value) {
  return (value.IsObject() && value.AsObject().empty()) || (value.IsArray() && value.AsArray().empty());
}

// Dates, and numbers to the base of 60: text to kubectl, but not to every reader of YAML 1.1.
bool LooksLikeTime(std::string_view text) {
  return text.front() >= '0' && text.front() <= '9' && text.find_first_of("-:") != std::string_view::npos &&
         text.find_first_not_of("0123456789-:.+TtZz _") == std::string_view::npos;
}

// Whether the text may stand without quotes: it is read as itself, and none of it means something to YAML.
bool IsPlain(std::string_view text) {
  if (text.empty() || text == "<<" || text == "-" || text == "?" || text == "---" || text == "...") return false;
  if (text.front() == ' ' || text.back() == ' ' || text.back() == ':') return false;
  if (std::string_view("!&*-?:,[]{}#|>@`\"'%=~").find(text.front()) != std::string_view::npos) {
    const bool dash = (text.front() == '-' || text.front() == ':' || text.front() == '?') && text[1] != ' ';
    if (!dash) return false;
  }
  if (LooksLikeTime(text)) return false;
  if (text.starts_with("---") || text.starts_with("...")) return false;
  if (text.find(": ") != std::string_view::npos || text.find(" #") != std::string_view::npos) return false;
  if (!std::ranges::all_of(text, [](unsigned char c) { return c >= 0x20 && c != 0x7f; })) return false;
  auto scalar = Resolve("", text);
  return scalar && std::holds_alternative<std::string>(*scalar);
}

// Whether the text is fit for a literal block, which keeps it byte for byte.
bool IsBlock(std::string_view text) {
  if (text.find('\n') == std::string_view::npos || text.front() == ' ' || text.front() == '\n') return false;
  if (!std::ranges::all_of(text, [](unsigned char c) { return (c >= 0x20 && c != 0x7f) || c == '\n'; })) return false;
  // A line of blanks at the end would be lost.
  const size_t last = text.find_last_not_of(" \n");
  return last != std::string_view::npos && text.find(' ', last) == std::string_view::npos;
}

class Writer {
 public:
  void Document(const json::Value& value) {
    if (IsScalar(value)) {
      Scalar(value, 0);
      out_ += '\n';
    } else {
      Container(value, 0);
    }
  }
  std::string Take() { return std::move(out_); }

 private:
  static bool IsScalar(const json::Value& value) { return IsEmpty(value) || (!value.IsObject() && !value.IsArray()); }

  void Scalar(const json::Value& value, size_t indent) {
    if (!value.IsString()) {
      out_ += json::Write(value);
    } else if (IsPlain(value.AsString())) {
      out_ += value.AsString();
    } else if (IsBlock(value.AsString())) {
      Block(value.AsString(), indent);
    } else {
      out_ += json::Quote(value.AsString());
    }
  }

  void Block(std::string_view text, size_t indent) {
    const size_t content = text.find_last_not_of('\n') + 1;
    const size_t breaks = text.size() - content;
    out_ += breaks == 0 ? "|-" : breaks == 1 ? "|" : "|+";
    if (breaks == 1) text.remove_suffix(1);
    if (breaks > 1) text.remove_suffix(1);
    for (size_t at = 0; at <= text.size();) {
      const size_t end = std::min(text.find('\n', at), text.size());
      out_ += '\n';
      if (end > at) out_.append(indent + 2, ' ').append(text.substr(at, end - at));
      at = end + 1;
    }
  }

  void Container(const json::Value& value, size_t indent, bool first_in_line = false) {
    for (const auto& [name, member] : value.Members()) {
      if (!first_in_line) out_.append(indent, ' ');
      first_in_line = false;
      out_ += IsPlain(name) ? name : json::Quote(name);
      out_ += ':';
      // kubectl doesn't indent the lists of a mapping.
      Nested(member, indent, member.IsArray() ? indent : indent + 2);
    }
    for (const json::Value& element : value.Elements()) {
      if (!first_in_line) out_.append(indent, ' ');
      first_in_line = false;
      out_ += '-';
      if (IsScalar(element)) {
        Nested(element, indent, indent);
      } else {
        out_ += ' ';
        Container(element, indent + 2, true);
      }
    }
  }

  void Nested(const json::Value& value, size_t indent, size_t inner) {
    if (!IsScalar(value)) {
      out_ += '\n';
      return Container(value, inner);
    }
    out_ += ' ';
    Scalar(value, indent);
    out_ += '\n';
  }

  std::string out_;
};

}  // namespace

std::string Write(const json::Value& value) {
  Writer writer;
  writer.Document(value);
  return writer.Take();
}

}  // namespace coreflow::yaml
