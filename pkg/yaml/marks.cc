#include "pkg/yaml/marks.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <cstdio>
#include <sstream>
#include <utility>
#include <variant>

#include "pkg/json/binder.h"
#include "pkg/yaml/scalar.h"

namespace coreflow::yaml {

namespace {

constexpr size_t kMostText = size_t{4} << 20;
constexpr size_t kMostDepth = 256;
constexpr size_t kMostRemarks = 1000;

// Ends a parse from inside a handler; it never leaves this file.
struct Enough {};

Mark ToMark(const YAML::Mark& mark) {
  if (mark.is_null()) return {};
  return {.line = mark.line + 1, .column = mark.column + 1};
}

// What a plain scalar is read as, when that may surprise; empty otherwise.
std::string Surprise(const std::string& text) {
  const auto scalar = Resolve("", text);
  if (!scalar) return "";
  if (const bool* truth = std::get_if<bool>(&*scalar)) {
    const bool usual = text == "true" || text == "false";
    return usual ? "" : text + " is read as " + (*truth ? "true" : "false") + "; quote it if it is meant as text";
  }
  if (const int64_t* number = std::get_if<int64_t>(&*scalar)) {
    const bool octal = text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '7';
    if (!octal && text.find('_') == std::string::npos) return "";
    return text + " is read as " + std::to_string(*number) + "; quote it if it is meant as text";
  }
  return "";
}

class Marker : public YAML::EventHandler {
 public:
  MarkedText Take() { return std::move(text_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    // See yaml.cc: at some tokens yaml-cpp would go on for ever.
    if (!text_.documents.empty() && mark.pos == start_) throw Enough();
    start_ = mark.pos;
    frames_.clear();
    text_.documents.emplace_back();
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    if (!frames_.empty()) Take(mark, "", false);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { Take(mark, "", false); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, const std::string& text) override {
    Take(mark, text, tag == "?" || tag.empty());
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
    Open(mark, false);
  }
  void OnSequenceEnd() override { frames_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
    Open(mark, true);
  }
  void OnMapEnd() override { frames_.pop_back(); }

 private:
  struct Frame {
    std::string path = {};
    bool is_map = false;
    size_t index = 0;
    std::optional<std::string> member = {};  // the path of the value that comes next
    std::map<std::string, Mark> names = {};
  };

  bool AtName() const { return !frames_.empty() && frames_.back().is_map && !frames_.back().member; }

  // The path of the value that begins here, noted with its place.
  std::string Place(const YAML::Mark& mark) {
    DocumentMarks& document = text_.documents.back();
    document.empty = false;
    std::string path;
    if (!frames_.empty()) {
      Frame& frame = frames_.back();
      path = frame.is_map ? *std::exchange(frame.member, std::nullopt)
                          : frame.path + "[" + std::to_string(frame.index++) + "]";
    }
    document.places.emplace(path, ToMark(mark));  // a member's name came first
    return path;
  }

  void Open(const YAML::Mark& mark, bool is_map) {
    if (AtName() || frames_.size() >= kMostDepth) throw Enough();
    std::string path = Place(mark);
    frames_.push_back({.path = std::move(path), .is_map = is_map});
  }

  void Take(const YAML::Mark& mark, const std::string& text, bool plain) {
    if (plain) Say(mark, false, Surprise(text));
    if (!AtName()) {
      Place(mark);
      return;
    }
    Frame& frame = frames_.back();
    frame.member = frame.path;
    json::AppendMember(*frame.member, text);
    if (plain && text == "<<") return;
    text_.documents.back().places.emplace(*frame.member, ToMark(mark));
    const auto [first, is_new] = frame.names.emplace(text, ToMark(mark));
    if (is_new) return;
    Say(mark, true,
        "the name \"" + text + "\" stands twice in one mapping; first in line " + std::to_string(first->second.line));
  }

  void Say(const YAML::Mark& mark, bool error, std::string message) {
    if (message.empty() || text_.remarks.size() >= kMostRemarks) return;
    text_.remarks.push_back({.mark = ToMark(mark), .error = error, .message = std::move(message)});
  }

  MarkedText text_;
  int start_ = 0;
  std::vector<Frame> frames_;
};

}  // namespace

Mark DocumentMarks::Find(std::string_view path) const {
  for (;;) {
    if (auto found = places.find(path); found != places.end()) return found->second;
    if (path.empty()) return {};
    const size_t cut = path.find_last_of(".[");
    path = path.substr(0, cut == std::string_view::npos ? 0 : cut);
  }
}

MarkedText ReadMarks(std::string_view text) {
  Marker marker;
  if (text.size() > kMostText) return {};
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(marker)) {
    }
  } catch (const Enough&) {
  } catch (const std::exception&) {  // whoever reads the values says why
  }
  return marker.Take();
}

std::optional<Remark> RemarkOf(const Error& error) {
  Remark remark{.error = true};
  int used = 0;
  if (std::sscanf(error.message.c_str(), "line %d, column %d: %n", &remark.mark.line, &remark.mark.column, &used) !=
          2 ||
      used == 0) {
    return std::nullopt;
  }
  remark.message = error.message.substr(static_cast<size_t>(used));
  return remark;
}

}  // namespace coreflow::yaml
