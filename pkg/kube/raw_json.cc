#include "pkg/kube/raw_json.h"

#include "pkg/json/parse.h"

namespace coreflow::kube {
namespace {

// A place in a text, which never passes its end.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  bool Take(char c) {
    SkipSpace();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  // The text of the next value; empty at the end, and where none begins.
  std::string_view TakeValue() {
    SkipSpace();
    size_t begin = at_;
    size_t depth = 0;
    while (at_ < text_.size()) {
      char c = text_[at_];
      if (c == '"') {
        SkipString();
        if (depth == 0) break;
        continue;
      }
      bool ends_scalar = c == ',' || c == ':' || c == ' ' || c == '\t' || c == '\n' || c == '\r';
      if (depth == 0 && (ends_scalar || c == '}' || c == ']')) break;
      ++at_;
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && --depth == 0) break;
    }
    return text_.substr(begin, at_ - begin);
  }

 private:
  void SkipSpace() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
  }

  void SkipString() {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\') {
        ++at_;
      } else if (text_[at_] == '"') {
        break;
      }
    }
    at_ = at_ < text_.size() ? at_ + 1 : text_.size();
  }

  std::string_view text_;
  size_t at_ = 0;
};

std::optional<std::string> Unquoted(std::string_view text) {
  auto value = json::Parse(text);
  if (!value || !value->IsString()) return std::nullopt;
  return value->AsString();
}

}  // namespace

std::optional<std::string_view> RawMember(std::string_view object, std::string_view name) {
  Cursor cursor(object);
  if (!cursor.Take('{')) return std::nullopt;
  do {
    std::string_view key = cursor.TakeValue();
    if (!cursor.Take(':')) return std::nullopt;
    std::string_view value = cursor.TakeValue();
    if (value.empty()) return std::nullopt;
    if (Unquoted(key) == name) return value;
  } while (cursor.Take(','));
  return std::nullopt;
}

std::optional<std::vector<std::string_view>> RawElements(std::string_view array) {
  std::vector<std::string_view> elements;
  Cursor cursor(array);
  if (!cursor.Take('[')) return std::nullopt;
  if (cursor.Take(']')) return elements;
  do {
    std::string_view element = cursor.TakeValue();
    if (element.empty()) return std::nullopt;
    elements.push_back(element);
  } while (cursor.Take(','));
  if (!cursor.Take(']')) return std::nullopt;
  return elements;
}

std::string RawString(std::string_view object, std::string_view name) {
  auto member = RawMember(object, name);
  return member ? Unquoted(*member).value_or("") : "";
}

}  // namespace coreflow::kube
