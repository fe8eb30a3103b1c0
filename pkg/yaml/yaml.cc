#include "pkg/yaml/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <map>
#include <optional>
#include <set>
#include <streambuf>
#include <string>
#include <utility>

#include "pkg/json/parse.h"
#include "pkg/yaml/scalar.h"

namespace coreflow::yaml {

namespace {

constexpr size_t kMostText = size_t{4} << 20;
constexpr size_t kMostDepth = 256;
// How much aliases may add, counted as if each were written out.
constexpr size_t kAliasFactor = 100;
constexpr size_t kLeastAliasBudget = size_t{1} << 20;
constexpr size_t kMostAliasBudget = size_t{32} << 20;
constexpr size_t kNodeWeight = 8;

// Ends a parse from inside a handler; it never leaves this file.
struct Failure {
  YAML::Mark mark;
  std::string what;
};

Error At(const YAML::Mark& mark, const std::string& what) {
  std::string where;
  if (!mark.is_null()) {
    where = "line " + std::to_string(mark.line + 1) + ", column " + std::to_string(mark.column + 1) + ": ";
  }
  return {.code = Code::kInvalid, .message = where + what};
}

// A finished value with what it would cost to write out.
struct Node {
  json::Value value;
  size_t weight = kNodeWeight;
  size_t height = 0;
  bool is_alias = false;
};

// A sequence or mapping that is being read.
struct Frame {
  YAML::Mark mark;
  bool is_map = false;
  YAML::anchor_t anchor = 0;
  json::Array items = {};
  json::Object members = {};
  std::set<std::string, std::less<>> own_names = {};  // without those that << brought
  std::optional<std::string> name = {};               // of the member whose value comes next
  bool merging = false;                               // the next value is what << merges
  size_t weight = kNodeWeight;
  size_t height = 0;
};

// Builds values from yaml-cpp's events.
class Builder : public YAML::EventHandler {
 public:
  explicit Builder(size_t alias_budget) : alias_budget_(alias_budget) {}

  std::vector<json::Value> documents;

  void OnDocumentStart(const YAML::Mark& mark) override {
    // At a token that fits nowhere, such as a comma, yaml-cpp reads one empty document after the other, for ever.
    if (!documents.empty() && mark.pos == start_) throw Failure{mark, "this fits nowhere"};
    start_ = mark.pos;
    frames_.clear();
    anchored_.clear();
    documents.emplace_back();
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { Take(mark, Scalar(), anchor, {}, ""); }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    // yaml-cpp says "?" for a plain scalar without a tag and "!" for a quoted one.
    if (tag == "!") return Take(mark, Scalar(text), anchor, {}, text);
    bool plain = tag == "?" || tag.empty();
    auto scalar = Resolve(plain ? "" : tag, text);
    if (!scalar) throw Failure{mark, scalar.error().message};
    Take(mark, *scalar, anchor, plain ? text : "", text);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    auto found = anchored_.find(anchor);
    if (found == anchored_.end()) throw Failure{mark, "an alias inside of what it stands for"};
    Node node = found->second;
    node.is_alias = true;
    if (node.weight > alias_budget_) throw Failure{mark, "aliases make the document too big"};
    alias_budget_ -= node.weight;
    if (AtName()) return TakeName(mark, node.value);
    Accept(mark, std::move(node), 0);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open({.mark = mark, .is_map = false, .anchor = anchor});
  }
  void OnSequenceEnd() override {
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    Accept(frame.mark, {json::Value(std::move(frame.items)), frame.weight, frame.height + 1}, frame.anchor);
  }

  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Open({.mark = mark, .is_map = true, .anchor = anchor});
  }
  void OnMapEnd() override {
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    Accept(frame.mark, {json::Value(std::move(frame.members)), frame.weight, frame.height + 1}, frame.anchor);
  }

 private:
  bool AtName() const {
    return !frames_.empty() && frames_.back().is_map && !frames_.back().name && !frames_.back().merging;
  }

  void Open(Frame frame) {
    if (AtName()) throw Failure{frame.mark, "a list or a mapping can't be the name of a member"};
    if (frames_.size() >= kMostDepth) throw Failure{frame.mark, "nested too deeply"};
    frames_.push_back(std::move(frame));
  }

  // `plain`: the text, if it was written without quotes and tag.
  void Take(const YAML::Mark& mark, const Scalar& scalar, YAML::anchor_t anchor, std::string_view plain,
            std::string_view text) {
    if (AtName() && plain == "<<") {
      frames_.back().merging = true;
      return;
    }
    if (AtName()) {
      auto name = ToName(scalar);
      if (!name) throw Failure{mark, name.error().message};
      if (anchor != 0) anchored_[anchor] = {json::Value(*name), kNodeWeight + text.size()};
      return SetName(mark, *std::move(name));
    }
    auto value = ToValue(scalar);
    if (!value) throw Failure{mark, value.error().message};
    Accept(mark, {*std::move(value), kNodeWeight + text.size()}, anchor);
  }

  void TakeName(const YAML::Mark& mark, const json::Value& value) {
    if (!value.IsString()) throw Failure{mark, "an alias as the name of a member must stand for a string"};
    SetName(mark, value.AsString());
  }

  void SetName(const YAML::Mark& mark, std::string name) {
    Frame& frame = frames_.back();
    if (!frame.own_names.insert(name).second) {
      throw Failure{mark, "the name \"" + name + "\" stands twice in one mapping"};
    }
    frame.weight += name.size() + kNodeWeight;
    frame.name = std::move(name);
  }

  void Accept(const YAML::Mark& mark, Node node, YAML::anchor_t anchor) {
    if (anchor != 0) anchored_[anchor] = node;
    if (frames_.empty()) {
      documents.back() = std::move(node.value);
      return;
    }
    if (frames_.size() + node.height > kMostDepth) throw Failure{mark, "nested too deeply"};
    Frame& frame = frames_.back();
    frame.weight += node.weight;
    frame.height = std::max(frame.height, node.height);
    if (!frame.is_map) {
      frame.items.push_back(std::move(node.value));
    } else if (frame.merging) {
      frame.merging = false;
      Merge(mark, frame, node);
    } else {
      frame.members.insert_or_assign(*std::move(frame.name), std::move(node.value));
      frame.name.reset();
    }
  }

  // As go-yaml v2: what << brings replaces what stands before it, and is replaced by what stands after it; of a list
  // the first mapping wins.
  static void Merge(const YAML::Mark& mark, Frame& frame, const Node& node) {
    auto merge_one = [&](const json::Value& value) {
      if (!value.IsObject()) throw Failure{mark, "<< must merge a mapping or a list of mappings"};
      for (const auto& [name, member] : value.AsObject()) frame.members.insert_or_assign(name, member);
    };
    if (!node.value.IsArray() || node.is_alias) return merge_one(node.value);
    const auto& items = node.value.AsArray();
    for (auto item = items.rbegin(); item != items.rend(); ++item) merge_one(*item);
  }

  size_t alias_budget_;
  int start_ = 0;  // of the document, in characters
  std::vector<Frame> frames_;
  std::map<YAML::anchor_t, Node> anchored_;
};

// Reads from a view, without a copy of it.
class ViewBuffer : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // streambuf's interface; nothing writes through it
    setg(begin, begin, begin + text.size());
  }
};

Error BadText(std::string_view text, size_t at, const std::string& what) {
  auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  size_t start = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  size_t column = start == std::string_view::npos ? at : at - start - 1;
  return {.code = Code::kInvalid,
          .message = "line " + std::to_string(line + 1) + ", column " + std::to_string(column + 1) + ": " + what};
}

// How many bytes the UTF-8 character at `at` has; 0 when there is none (RFC 3629: no overlong forms, no surrogates).
size_t CharacterLength(std::string_view text, size_t at) {
  auto byte = [&](size_t i) { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u; };
  auto tail = [&](size_t i) { return (byte(i) & 0xc0) == 0x80; };
  unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return tail(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    bool good = tail(1) && tail(2) && !(first == 0xe0 && byte(1) < 0xa0) && !(first == 0xed && byte(1) > 0x9f);
    return good ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    bool good =
        tail(1) && tail(2) && tail(3) && !(first == 0xf0 && byte(1) < 0x90) && !(first == 0xf4 && byte(1) > 0x8f);
    return good ? 4 : 0;
  }
  return 0;
}

Result<void> CheckText(std::string_view text) {
  if (text.size() > kMostText) {
    return Error{.code = Code::kInvalid, .message = "the text is longer than " + std::to_string(kMostText) + " bytes"};
  }
  for (size_t at = 0; at < text.size();) {
    size_t length = CharacterLength(text, at);
    if (length == 0) return BadText(text, at, "not UTF-8");
    auto c = static_cast<unsigned char>(text[at]);
    if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f) {
      return BadText(text, at, "control characters are not allowed");
    }
    at += length;
  }
  return {};
}

Result<std::vector<json::Value>> Parse(std::string_view text) {
  TRY_VOID(CheckText(text));
  size_t start = text.find_first_not_of(" \t\r\n");
  if (start != std::string_view::npos && text[start] == '{') {
    if (auto value = json::Parse(text)) return std::vector{*std::move(value)};
  }
  Builder builder(std::clamp(text.size() * kAliasFactor, kLeastAliasBudget, kMostAliasBudget));
  try {
    ViewBuffer buffer(text);
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Failure& failure) {
    return At(failure.mark, failure.what);
  } catch (const YAML::Exception& exception) {
    return At(exception.mark, exception.msg);
  } catch (const std::exception& exception) {
    return Error{.code = Code::kInvalid, .message = std::string("can't be read as YAML: ") + exception.what()};
  }
  return std::move(builder.documents);
}

}  // namespace

Result<json::Value> FromYaml(std::string_view text) {
  TRY(auto documents, Parse(text));
  if (documents.size() > 1) {
    return Error{.code = Code::kInvalid,
                 .message = "there are " + std::to_string(documents.size()) + " documents where one is expected"};
  }
  if (documents.empty()) return json::Value();
  return std::move(documents.front());
}

Result<std::vector<json::Value>> AllFromYaml(std::string_view text) {
  TRY(auto documents, Parse(text));
  documents.erase(std::remove_if(documents.begin(), documents.end(), [](const auto& value) { return value.IsNull(); }),
                  documents.end());
  return documents;
}

}  // namespace coreflow::yaml
