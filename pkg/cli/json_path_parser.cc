#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "pkg/cli/json_path_node.h"

namespace coreflow::cli {

namespace {

Error Wrong(std::string what) { return {.code = Code::kInvalid, .message = std::move(what)}; }

std::string_view Trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// What is between two quotes, as Go reads it.
Result<std::string> Unquoted(std::string_view text) {
  constexpr std::string_view kNames = "abfnrtv\\'\"";
  constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\\'\"";
  std::string plain;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\') {
      plain += text[at];
      continue;
    }
    const size_t name = ++at < text.size() ? kNames.find(text[at]) : std::string_view::npos;
    if (name == std::string_view::npos) return Wrong("there is no such escape in \"" + std::string(text) + "\"");
    plain += kMeanings[name];
  }
  return plain;
}

// One [from:to:step] without its brackets.
Result<SliceNode> ParseSlice(std::string_view text) {
  SliceNode slice{.single = text.find(':') == std::string_view::npos};
  const std::array<std::optional<int64_t>*, 3> parts = {&slice.from, &slice.to, &slice.step};
  std::string_view rest = text;
  for (size_t i = 0;; ++i) {
    const size_t end = std::min(rest.find(':'), rest.size());
    const std::string_view part = rest.substr(0, end);
    int64_t number = 0;
    const auto [stop, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    const bool good = error == std::errc() && stop == part.data() + part.size();
    if (i == parts.size() || (!part.empty() && !good) || (part.empty() && slice.single)) {
      return Wrong("invalid array index " + std::string(text));
    }
    if (!part.empty()) *parts[i] = number;
    if (end == rest.size()) return slice;
    rest.remove_prefix(end + 1);
  }
}

// Reads one action: what is in braces, without them.
class ActionParser {
 public:
  explicit ActionParser(std::string_view text) : text_(text) {}

  Result<Path> Parse() {
    while (at_ < text_.size()) TRY_VOID(Step());
    return std::move(path_);
  }

 private:
  std::string_view Rest() const { return text_.substr(at_); }
  void Add(auto node) { path_.push_back({.what = std::move(node)}); }

  Result<void> Step() {
    const char c = text_[at_];
    if (Rest().starts_with("[?(")) return Filter();
    if (Rest().starts_with("..")) return Descent();
    if (c == '[') return Brackets();
    if (c == '"' || c == '\'') return Quote(c);
    if (c == '.') return ++at_, Field();
    if (c == ' ' || c == '@' || c == '$') return ++at_, Result<void>();
    if (c == '+' || c == '-' || std::isdigit(static_cast<unsigned char>(c)) != 0) return Number();
    return Word();
  }

  // Up to what can't be part of a name unless it is escaped.
  std::string Name() {
    std::string name;
    for (; at_ < text_.size() && std::string_view(" \t.,[]$@{}").find(text_[at_]) == std::string_view::npos; ++at_) {
      if (text_[at_] == '\\' && ++at_ == text_.size()) break;
      name += text_[at_];
    }
    return name;
  }

  Result<void> Field() {
    std::string name = Name();
    if (name == "*") return Add(WildcardNode{}), Result<void>();
    Add(FieldNode{.name = std::move(name)});
    return {};
  }

  Result<void> Descent() {
    if (!path_.empty() && std::holds_alternative<DescentNode>(path_.back().what)) {
      return Wrong("invalid multiple recursive descent");
    }
    at_ += 2;
    Add(DescentNode{});
    const bool named =
        at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_');
    return named ? Field() : Result<void>();
  }

  Result<void> Number() {
    const size_t end = std::min(text_.find_first_not_of("0123456789.", at_ + 1), text_.size());
    std::string_view text = text_.substr(at_, end - at_);
    at_ = end;
    if (text.starts_with('+')) text.remove_prefix(1);
    int64_t whole = 0;
    double number = 0;
    const char* stop = text.data() + text.size();
    if (std::from_chars(text.data(), stop, whole).ptr == stop && text != "-") {
      Add(LiteralNode{.value = whole});
    } else if (std::from_chars(text.data(), stop, number).ptr == stop && text != "-") {
      Add(LiteralNode{.value = number});
    } else {
      return Wrong("cannot parse number " + std::string(text));
    }
    return {};
  }

  Result<void> Word() {
    const std::string word = Name();
    if (word != "true" && word != "false") {
      return Wrong(word.empty() ? "unrecognized character in action: " + std::string(1, text_[at_])
                                : "unrecognized identifier " + word);
    }
    Add(LiteralNode{.value = word == "true"});
    return {};
  }

  Result<void> Quote(char quote) {
    const size_t begin = ++at_;
    while (at_ < text_.size() && (text_[at_] != quote || text_[at_ - 1] == '\\')) ++at_;
    if (at_ == text_.size()) return Wrong("unterminated quoted string");
    TRY(std::string plain, Unquoted(text_.substr(begin, at_++ - begin)));
    Add(LiteralNode{.value = std::move(plain)});
    return {};
  }

  Result<void> Brackets() {
    const size_t end = text_.find(']', at_);
    if (end == std::string_view::npos) return Wrong("unterminated array");
    const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    if (inside.find(',') != std::string_view::npos) return Union(inside);
    if (inside.size() > 1 && inside.starts_with('\'') && inside.ends_with('\'')) {
      const std::string path = "." + std::string(inside.substr(1, inside.size() - 2));
      TRY(Path steps, ActionParser(path).Parse());
      path_.insert(path_.end(), std::make_move_iterator(steps.begin()), std::make_move_iterator(steps.end()));
      return {};
    }
    TRY(const SliceNode slice, ParseSlice(inside == "*" ? ":" : inside));
    Add(slice);
    return {};
  }

  Result<void> Union(std::string_view inside) {
    UnionNode node;
    for (;;) {
      const size_t end = std::min(inside.find(','), inside.size());
      const std::string one = "[" + std::string(Trimmed(inside.substr(0, end))) + "]";
      TRY(Path path, ActionParser(one).Parse());
      node.paths.push_back(std::move(path));
      if (end == inside.size()) break;
      inside.remove_prefix(end + 1);
    }
    Add(std::move(node));
    return {};
  }

  // Its end is the first ")]" that stands in no quotes.
  Result<void> Filter() {
    const size_t begin = at_ + 3;
    char quote = 0;
    for (at_ = begin; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (quote == 0 && c == ')') break;
      if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (c == quote && text_[at_ - 1] != '\\') {
        quote = 0;
      }
    }
    if (at_ == text_.size()) return Wrong("unterminated filter");
    const std::string_view inside = text_.substr(begin, at_++ - begin);
    if (at_ == text_.size() || text_[at_++] != ']') return Wrong("unclosed array expect ]");
    const size_t comparison = std::min(inside.find_first_of("!<>="), inside.size());
    const size_t right = std::min(inside.find_first_not_of("!<>=", comparison), inside.size());
    FilterNode node{.comparison = std::string(inside.substr(comparison, right - comparison))};
    constexpr std::array<std::string_view, 7> kKnown = {"", "==", "!=", "<", "<=", ">", ">="};
    if (std::ranges::count(kKnown, node.comparison) == 0) {
      return Wrong("unrecognized filter operator " + node.comparison);
    }
    TRY(node.left, ActionParser(inside.substr(0, comparison)).Parse());
    TRY(node.right, ActionParser(inside.substr(right)).Parse());
    Add(std::move(node));
    return {};
  }

  const std::string_view text_;
  size_t at_ = 0;
  Path path_ = {};
};

// Where the action that begins at `at` ends: the brace that stands in no quotes.
size_t EndOfAction(std::string_view text, size_t at) {
  char quote = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\n' || (quote == 0 && c == '}')) break;
    if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == quote && text[at - 1] != '\\') {
      quote = 0;
    }
  }
  return at;
}

class TemplateParser {
 public:
  explicit TemplateParser(std::string_view text) : text_(text) {}

  // A loop's body ends with its {end}, or with the template.
  Result<std::vector<PathBlock>> Parse(size_t loops) {
    std::vector<PathBlock> blocks;
    while (at_ < text_.size()) {
      const size_t open = std::min(text_.find('{', at_), text_.size());
      if (open > at_) {
        blocks.push_back({.path = {{.what = LiteralNode{.value = std::string(text_.substr(at_, open - at_))}}}});
      }
      at_ = open;
      if (at_ == text_.size()) break;
      const size_t close = EndOfAction(text_, at_ + 1);
      if (close == text_.size() || text_[close] != '}') return Wrong("unclosed action");
      std::string_view action = Trimmed(text_.substr(at_ + 1, close - at_ - 1));
      at_ = close + 1;
      if (action == "end") {
        if (loops == 0) return Wrong("not in range, nothing to end");
        return blocks;
      }
      PathBlock block{.loops = action.starts_with("range") && (action.size() == 5 || action[5] == ' ')};
      if (block.loops) action.remove_prefix(5);
      TRY(block.path, ActionParser(action).Parse());
      if (block.loops) {
        if (loops == kDeepest) return Wrong("loops are nested too deeply");
        TRY(block.body, Parse(loops + 1));
      }
      blocks.push_back(std::move(block));
    }
    return blocks;
  }

 private:
  static constexpr size_t kDeepest = 100;

  const std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

Result<std::vector<PathBlock>> ParseTemplate(std::string_view text) { return TemplateParser(text).Parse(0); }

}  // namespace coreflow::cli
