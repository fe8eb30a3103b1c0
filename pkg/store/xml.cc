#include "pkg/store/xml.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace coreflow::store {

namespace {

constexpr int kMostDepth = 16;
constexpr std::string_view kSpace = " \t\r\n";
constexpr auto kEntities = std::to_array<std::pair<std::string_view, char>>(
    {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}});

Error Bad(const char* what) { return {.code = Code::kInvalid, .message = std::string("bad XML: ") + what}; }

void AppendUtf8(std::string* text, uint32_t c) {
  const auto byte = [&](uint32_t bits) { text->push_back(static_cast<char>(bits)); };
  if (c < 0x80) return byte(c);
  if (c < 0x800) {
    byte(0xc0 | c >> 6);
  } else {
    if (c < 0x10000) {
      byte(0xe0 | c >> 12);
    } else {
      byte(0xf0 | c >> 18);
      byte(0x80 | (c >> 12 & 0x3f));
    }
    byte(0x80 | (c >> 6 & 0x3f));
  }
  byte(0x80 | (c & 0x3f));
}

// "amp", "#38", "#x26"
bool AppendEntity(std::string* text, std::string_view name) {
  for (const auto& [known, c] : kEntities) {
    if (name == known) return text->push_back(c), true;
  }
  if (!name.starts_with('#')) return false;
  name.remove_prefix(1);
  const int base = name.starts_with('x') ? 16 : 10;
  if (base == 16) name.remove_prefix(1);
  uint32_t c = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), c, base);
  if (error != std::errc() || end != name.data() + name.size() || name.empty()) return false;
  if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) return false;
  AppendUtf8(text, c);
  return true;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  Result<XmlElement> Document() {
    TRY_VOID(Misc());
    if (!rest_.starts_with('<')) return Bad("no element");
    TRY(XmlElement root, Element(1));
    TRY_VOID(Misc());
    if (!rest_.empty()) return Bad("something behind the document");
    return root;
  }

 private:
  void Space() { rest_.remove_prefix(std::min(rest_.find_first_not_of(kSpace), rest_.size())); }

  // Passes what begins and ends so, when it is next.
  Result<bool> Pass(std::string_view begin, std::string_view end) {
    if (!rest_.starts_with(begin)) return false;
    const size_t found = rest_.find(end, begin.size());
    if (found == std::string_view::npos) return Bad("the end of something is missing");
    rest_.remove_prefix(found + end.size());
    return true;
  }

  // Around the root: space, comments, <?xml …?>.
  Result<void> Misc() {
    while (true) {
      Space();
      TRY(const bool comment, Pass("<!--", "-->"));
      TRY(const bool instruction, Pass("<?", "?>"));
      if (!comment && !instruction) return {};
    }
  }

  Result<std::string> Name() {
    const std::string_view name = rest_.substr(0, rest_.find_first_of(" \t\r\n/>=<\"'&"));
    if (name.empty() || name.front() == '!' || name.front() == '?') return Bad("a name is missing");
    rest_.remove_prefix(name.size());
    return std::string(name);
  }

  // name="value"; the value does not matter.
  Result<void> Attribute() {
    TRY_VOID(Name());
    Space();
    if (!rest_.starts_with('=')) return Bad("an attribute has no value");
    rest_.remove_prefix(1);
    Space();
    const char quote = rest_.empty() ? '\0' : rest_.front();
    if (quote != '"' && quote != '\'') return Bad("the value of an attribute has no quotes");
    const size_t end = rest_.find(quote, 1);
    if (end == std::string_view::npos) return Bad("the end of an attribute is missing");
    rest_.remove_prefix(end + 1);
    return {};
  }

  // REQUIRES: '<' is next.
  Result<XmlElement> Element(int depth) {
    if (depth > kMostDepth) return Bad("nested too deep");
    rest_.remove_prefix(1);
    TRY(const std::string name, Name());
    while (true) {
      Space();
      if (rest_.empty()) return Bad("the end of a tag is missing");
      if (rest_.front() == '>' || rest_.front() == '/') break;
      TRY_VOID(Attribute());
    }
    XmlElement element{.name = name.substr(name.find(':') + 1)};
    if (rest_.starts_with("/>")) {
      rest_.remove_prefix(2);
      return element;
    }
    if (!rest_.starts_with('>')) return Bad("a tag ends wrongly");
    rest_.remove_prefix(1);
    TRY_VOID(Content(&element, depth));
    return ClosingTag(name) ? Result<XmlElement>(std::move(element)) : Bad("a closing tag is missing");
  }

  bool ClosingTag(const std::string& name) {
    rest_.remove_prefix(2);
    if (!rest_.starts_with(name)) return false;
    rest_.remove_prefix(name.size());
    Space();
    if (!rest_.starts_with('>')) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // Up to "</".
  Result<void> Content(XmlElement* element, int depth) {
    while (!rest_.starts_with("</")) {
      if (rest_.empty()) return Bad("cut off");
      TRY(const bool comment, Pass("<!--", "-->"));
      if (comment) continue;
      if (rest_.starts_with("<!") || rest_.starts_with("<?")) return Bad("neither element, text nor comment");
      if (rest_.starts_with('<')) {
        TRY(XmlElement child, Element(depth + 1));
        element->children.push_back(std::move(child));
      } else {
        TRY_VOID(Text(&element->text));
      }
    }
    return {};
  }

  Result<void> Text(std::string* text) {
    if (rest_.front() != '&') {
      const std::string_view plain = rest_.substr(0, rest_.find_first_of("<&"));
      text->append(plain);
      rest_.remove_prefix(plain.size());
      return {};
    }
    const size_t end = rest_.substr(0, 12).find(';');
    if (end == std::string_view::npos || !AppendEntity(text, rest_.substr(1, end - 1))) return Bad("an unknown entity");
    rest_.remove_prefix(end + 1);
    return {};
  }

  std::string_view rest_;
};

}  // namespace

const XmlElement* XmlElement::Find(std::string_view child) const {
  const auto found = std::find_if(children.begin(), children.end(), [&](const auto& c) { return c.name == child; });
  return found == children.end() ? nullptr : &*found;
}

std::string XmlElement::TextOf(std::string_view child) const {
  const XmlElement* found = Find(child);
  return found == nullptr ? "" : found->text;
}

Result<XmlElement> ParseXml(std::string_view text) { return Parser(text).Document(); }

}  // namespace coreflow::store
