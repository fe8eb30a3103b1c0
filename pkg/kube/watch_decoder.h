#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/kube/seen_object.h"

namespace coreflow::kube {

enum class FrameType { kAdded, kModified, kDeleted, kBookmark, kError, kUnknown };

// One line of a watch.
struct WatchFrame {
  FrameType type = FrameType::kUnknown;
  // Of kError: `object` is the whole Status, and there is never trouble. Of kBookmark only the version counts.
  SeenObject seen = {};

  bool operator==(const WatchFrame&) const = default;
};

// Makes frames of a watch's bytes: JSON objects, one a line. A line that can't be read is a frame with trouble (or
// kUnknown, when not even its type can be made out) and never ends the stream. Not thread-safe.
class WatchDecoder {
 public:
  // `shape` is of the objects; it keeps what a SeenObject's key and version are taken from. No object of the API is
  // near 8 MiB; a longer line is read as far as it was kept, and is trouble.
  explicit WatchDecoder(const json::Shape& shape = kObjectShape, size_t max_line = size_t{8} << 20)
      : shape_(shape), max_line_(max_line) {}

  // Takes the next bytes, cut anywhere. The frames of the lines that end in them, in order.
  std::vector<WatchFrame> Feed(std::string_view bytes);
  // The frame of a line that comes as a value: the same as of its text, but that members which a shape does not name
  // are left where they are, which costs nothing.
  WatchFrame FrameOf(const json::Value& line) const;

 private:
  // Adds to the line that is not complete yet, as far as it may grow.
  void Keep(std::string_view bytes);

  json::Shape shape_;
  size_t max_line_;
  std::string line_;
  bool too_long_ = false;
};

}  // namespace coreflow::kube
