#include "pkg/apiserver/selector.h"

#include <algorithm>

#include "pkg/apiserver/object.h"
#include "pkg/json/write.h"

namespace coreflow::apiserver {

namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t'; }
bool IsMark(char c) { return c == '=' || c == '!' || c == '(' || c == ')' || c == ','; }

// The tokens of a label selector: marks "=", "==", "!=", "!", "(", ")", "," and words. Empty at the end.
class Tokens {
 public:
  explicit Tokens(std::string_view text) : text_(text) { Next(); }

  const std::string& Peek() const { return token_; }
  std::string Next() {
    std::string taken = std::move(token_);
    while (at_ < text_.size() && IsBlank(text_[at_])) ++at_;
    const size_t start = at_;
    if (at_ < text_.size() && IsMark(text_[at_])) {
      const bool wide = (text_[at_] == '=' || text_[at_] == '!') && at_ + 1 < text_.size() && text_[at_ + 1] == '=';
      at_ += wide ? 2 : 1;
    } else {
      while (at_ < text_.size() && !IsMark(text_[at_]) && !IsBlank(text_[at_])) ++at_;
    }
    token_ = std::string(text_.substr(start, at_ - start));
    return taken;
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
  std::string token_;
};

bool IsWord(const std::string& token) { return !token.empty() && !IsMark(token[0]); }

Failure Unparsable(const std::string& found, std::string_view expected) {
  return BadRequest("unable to parse requirement: found '" + found + "', expected: " + std::string(expected));
}

// Where the field stands in a stored object; empty for what cannot be selected.
std::string Selectable(const Resource& resource, std::string_view path) {
  if (path == "metadata.name" || (resource.namespaced && path == "metadata.namespace")) return std::string(path);
  for (const std::string& one : resource.selectable) {
    const size_t mark = one.find('=');
    if (std::string_view(one).substr(0, mark) == path) return mark == std::string::npos ? one : one.substr(mark + 1);
  }
  return "";
}

std::string Scalar(const json::Value& value) {
  if (value.IsNull()) return "";
  return value.IsString() ? value.AsString() : json::Write(value);
}

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

// Recursive descent over the grammar of k8s.io/apimachinery/pkg/labels.
class Selector::LabelParser {
 public:
  explicit LabelParser(std::string_view text) : tokens_(text) {}

  Outcome<std::vector<Requirement>> Parse() {
    std::vector<Requirement> requirements;
    while (!tokens_.Peek().empty()) {
      auto requirement = One();
      if (!requirement) return requirement.failure();
      requirements.push_back(std::move(*requirement));
      if (tokens_.Peek().empty()) break;
      if (tokens_.Peek() != ",") return Unparsable(tokens_.Peek(), "',' or 'end of string'");
      tokens_.Next();
      if (tokens_.Peek().empty()) return Unparsable("", "identifier after ','");
    }
    return requirements;
  }

 private:
  Outcome<Requirement> One() {
    if (tokens_.Peek() == "!") {
      tokens_.Next();
      if (!IsWord(tokens_.Peek())) return Unparsable(tokens_.Peek(), "identifier");
      return Requirement{tokens_.Next(), Operator::kAbsent, {}};
    }
    if (!IsWord(tokens_.Peek())) return Unparsable(tokens_.Peek(), "!, identifier, or 'end of string'");
    Requirement requirement{tokens_.Next(), Operator::kExists, {}};
    const std::string& op = tokens_.Peek();
    if (op.empty() || op == ",") return requirement;
    if (op == "=" || op == "==" || op == "!=") {
      requirement.op = op == "!=" ? Operator::kNotIn : Operator::kIn;
      tokens_.Next();
      requirement.values.push_back(IsWord(tokens_.Peek()) ? tokens_.Next() : "");
      return requirement;
    }
    if (op != "in" && op != "notin") return Unparsable(op, "in, notin, =, ==, !=, gt, lt");
    requirement.op = op == "in" ? Operator::kIn : Operator::kNotIn;
    tokens_.Next();
    return Values(std::move(requirement));
  }

  Outcome<Requirement> Values(Requirement requirement) {
    if (tokens_.Peek() != "(") return Unparsable(tokens_.Peek(), "'('");
    do {
      tokens_.Next();
      requirement.values.push_back(IsWord(tokens_.Peek()) ? tokens_.Next() : "");
    } while (tokens_.Peek() == ",");
    if (tokens_.Peek() != ")") return Unparsable(tokens_.Peek(), "',' or ')'");
    tokens_.Next();
    return requirement;
  }

  Tokens tokens_;
};

Outcome<Selector> Selector::Parse(const Resource& resource, std::string_view labels, std::string_view fields) {
  Selector selector;
  auto requirements = LabelParser(labels).Parse();
  if (!requirements) return requirements.failure();
  selector.labels_ = std::move(*requirements);
  if (fields.empty()) return selector;
  for (const std::string& part : Split(fields, ',')) {
    const size_t mark = part.find('=');
    if (mark == std::string::npos || mark == 0) {
      return BadRequest("invalid selector: '" + std::string(fields) + "'; can't understand '" + part + "'");
    }
    const bool unequal = part[mark - 1] == '!';
    const std::string path = part.substr(0, unequal ? mark - 1 : mark);
    const std::string stored = Selectable(resource, path);
    if (stored.empty()) {
      return BadRequest("field label not supported: " + path);
    }
    const size_t value = part.compare(mark, 2, "==") == 0 ? mark + 2 : mark + 1;
    selector.fields_.push_back({Split(stored, '.'), part.substr(value), !unequal});
  }
  return selector;
}

bool Selector::Matches(const json::Value& object) const {
  const json::Value& labels = object["metadata"]["labels"];
  for (const Requirement& requirement : labels_) {
    const json::Value* label = labels.Find(requirement.key);
    const bool listed = label && std::count(requirement.values.begin(), requirement.values.end(), Scalar(*label)) > 0;
    switch (requirement.op) {
      case Operator::kIn:
        if (!listed) return false;
        break;
      case Operator::kNotIn:
        if (listed) return false;
        break;
      case Operator::kExists:
        if (!label) return false;
        break;
      case Operator::kAbsent:
        if (label) return false;
        break;
    }
  }
  for (const Field& field : fields_) {
    const json::Value* value = &object;
    for (const std::string& step : field.path) value = &(*value)[step];
    if ((Scalar(*value) == field.value) != field.equal) return false;
  }
  return true;
}

}  // namespace coreflow::apiserver
