#include "pkg/cel/conformance/textproto.h"

#include "pkg/cel/utf8.h"

namespace coreflow::cel::conformance {

namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Result<Message> Fields(bool nested) {
    Message message;
    while (true) {
      Skip();
      if (at_ >= text_.size()) {
        if (nested) return Fail("a } is missing");
        return message;
      }
      if (nested && Take('}')) return message;
      std::string name = Name();
      if (name.empty()) return Fail("a field name is missing");
      Skip();
      bool colon = Take(':');
      Skip();
      if (Peek() == '{' || (colon && Peek() == '[')) {
        TRY_VOID(Messages(name, message));
      } else {
        TRY(std::string text, Scalar());
        message.entries.push_back({.name = name, .text = std::move(text)});
      }
      Skip();
      if (!Take(',')) Take(';');
    }
  }

 private:
  // One { … }, or a list of them.
  Result<void> Messages(const std::string& name, Message& out) {
    bool list = Take('[');
    do {
      Skip();
      if (list && Take(']')) return {};
      if (!Take('{')) return Fail("a { is missing");
      TRY(Message message, Fields(true));
      out.entries.push_back({.name = name, .message = std::make_shared<const Message>(std::move(message))});
      Skip();
    } while (list && (Take(',') || Peek() == ']'));
    return {};
  }

  std::string Name() {
    size_t start = at_;
    if (Peek() == '[') {
      while (at_ < text_.size() && text_[at_] != ']') ++at_;
      ++at_;
    } else {
      while (IsWord(Peek())) ++at_;
    }
    return std::string(text_.substr(start, at_ - start));
  }

  Result<std::string> Scalar() {
    std::string out;
    if (Peek() != '"' && Peek() != '\'') {
      while (IsWord(Peek()) || Peek() == '-' || Peek() == '+' || Peek() == '.') out += text_[at_++];
      return out.empty() ? Result<std::string>(Fail("a value is missing")) : out;
    }
    while (Peek() == '"' || Peek() == '\'') {
      char quote = text_[at_++];
      while (at_ < text_.size() && text_[at_] != quote) Character(out);
      if (!Take(quote)) return Fail("a string is not closed");
      Skip();
    }
    return out;
  }

  void Character(std::string& out) {
    char c = text_[at_++];
    if (c != '\\') {
      out += c;
      return;
    }
    c = text_[at_++];
    constexpr std::string_view kFrom = "abfnrtv";
    constexpr std::string_view kTo = "\a\b\f\n\r\t\v";
    if (size_t i = kFrom.find(c); i != std::string_view::npos) {
      out += kTo[i];
    } else if (c == 'x' || c == 'X') {
      out += static_cast<char>(Digits(2, 16));
    } else if (c == 'u' || c == 'U') {
      AppendCodePoint(out, Digits(c == 'u' ? 4 : 8, 16));
    } else if (c >= '0' && c <= '7') {
      --at_;
      out += static_cast<char>(Digits(3, 8));
    } else {
      out += c;
    }
  }

  uint32_t Digits(size_t most, int base) {
    size_t start = at_;
    while (at_ - start < most && (base == 16 ? IsHex(Peek()) : Peek() >= '0' && Peek() <= '7')) ++at_;
    return static_cast<uint32_t>(std::stoul(std::string(text_.substr(start, at_ - start)), nullptr, base));
  }

  static bool IsHex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
  static bool IsWord(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool Take(char c) {
    if (Peek() != c) return false;
    ++at_;
    return true;
  }
  void Skip() {
    while (at_ < text_.size()) {
      if (Peek() == '#') {
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
      } else if (std::string_view(" \t\r\n").find(Peek()) != std::string_view::npos) {
        ++at_;
      } else {
        return;
      }
    }
  }
  Error Fail(const char* message) const {
    return Error{Code::kInvalid, std::string(message) + " at " + std::to_string(at_)};
  }

  const std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

const Message::Entry* Message::Find(std::string_view name) const {
  for (const Entry& entry : entries) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

std::vector<const Message*> Message::All(std::string_view name) const {
  std::vector<const Message*> out;
  for (const Entry& entry : entries) {
    if (entry.name == name && entry.message) out.push_back(entry.message.get());
  }
  return out;
}

std::string Message::Text(std::string_view name) const {
  const Entry* entry = Find(name);
  return entry == nullptr ? std::string() : entry->text;
}

Result<Message> ParseTextproto(std::string_view text) { return Reader(text).Fields(false); }

}  // namespace coreflow::cel::conformance
