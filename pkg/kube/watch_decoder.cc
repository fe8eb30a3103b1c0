#include "pkg/kube/watch_decoder.h"

#include <string_view>
#include <utility>

#include "pkg/json/parse.h"
#include "pkg/json/shaped.h"
#include "pkg/kube/raw_json.h"

namespace coreflow::kube {
namespace {

FrameType TypeOf(std::string_view name) {
  if (name == "ADDED") return FrameType::kAdded;
  if (name == "MODIFIED") return FrameType::kModified;
  if (name == "DELETED") return FrameType::kDeleted;
  if (name == "BOOKMARK") return FrameType::kBookmark;
  if (name == "ERROR") return FrameType::kError;
  return FrameType::kUnknown;
}

WatchFrame MakeFrame(FrameType type, json::Value object) {
  if (type == FrameType::kError) return {.type = type, .seen = {.object = std::move(object)}};
  SeenObject seen = ReadObject(std::move(object));
  if (type == FrameType::kBookmark) seen = {.version = {.resource_version = seen.version.resource_version}};
  return {.type = type, .seen = std::move(seen)};
}

Result<json::Value> ParseLine(std::string_view line, const json::Shape& shape) {
  const json::Shape object{.name = "object", .read = shape.read, .members = shape.members};
  TRY(json::Value frame, json::Parse(line, {.members = {&object, 1}}));
  if (TypeOf(frame["type"].StringOr("")) != FrameType::kError) return frame;
  return json::Parse(line);  // the shape is not that of a Status
}

WatchFrame ReadLine(std::string_view line, const json::Shape& shape) {
  if (auto frame = ParseLine(line, shape)) {
    return MakeFrame(TypeOf((*frame)["type"].StringOr("")), (*frame)["object"]);
  }
  FrameType type = TypeOf(RawString(line, "type"));
  SeenObject seen = ReadRawObject(RawMember(line, "object").value_or(""), shape);
  if (seen.trouble.empty()) seen = {.key = seen.key, .version = seen.version, .trouble = "the line is no JSON object"};
  if (type == FrameType::kBookmark || type == FrameType::kError) type = FrameType::kUnknown;
  return {.type = type, .seen = std::move(seen)};
}

}  // namespace

void WatchDecoder::Keep(std::string_view bytes) {
  size_t room = max_line_ - line_.size();
  too_long_ = too_long_ || bytes.size() > room;
  line_.append(bytes.substr(0, room));
}

std::vector<WatchFrame> WatchDecoder::Feed(std::string_view bytes) {
  std::vector<WatchFrame> frames;
  while (!bytes.empty()) {
    size_t end = bytes.find('\n');
    if (end == std::string_view::npos) {
      Keep(bytes);
      break;
    }
    std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(end + 1);
    if (!line_.empty() || line.size() > max_line_) {
      Keep(line);
      line = line_;
    }
    if (!line.empty() && line != "\r") {
      frames.push_back(ReadLine(line, shape_));
      if (too_long_) frames.back().seen.trouble = "longer than " + std::to_string(max_line_) + " bytes";
    }
    line_.clear();
    too_long_ = false;
  }
  return frames;
}

WatchFrame WatchDecoder::FrameOf(const json::Value& line) const {
  const FrameType type = TypeOf(line["type"].StringOr(""));
  if (type == FrameType::kError || shape_.read == json::Shape::Read::kNamed) return MakeFrame(type, line["object"]);
  return MakeFrame(type, json::Shaped(line["object"], shape_));
}

}  // namespace coreflow::kube
