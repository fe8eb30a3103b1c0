#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/json/value.h"
#include "pkg/kube/object_key.h"
#include "pkg/kube/seen_object.h"
#include "pkg/kube/watch_decoder.h"

// What the transport's threads make of lists and watches, for the loop's thread to take. Pure.
namespace coreflow::kube {

// Makes an object of what a handler needs; a pure function.
using DecodeObject = std::function<Result<std::shared_ptr<const void>>(const json::Value& object)>;

struct DecodedObject {
  ObjectKey key = {};
  ObjectVersion version = {};
  std::shared_ptr<const void> object = {};  // null when `trouble` says something
  std::string trouble = {};
};

struct DecodedPage {
  std::string resource_version = {};
  std::string continue_token = {};
  std::vector<DecodedObject> items = {};
};

struct DecodedFrame {
  FrameType type = FrameType::kUnknown;
  DecodedObject object = {};  // of kDeleted, kBookmark: key and version only
  json::Value status = {};    // of kError
};

// Reads and decodes a page of a list, whose items have that shape.
Result<DecodedPage> DecodePage(std::string_view text, const json::Shape& shape, const DecodeObject& decode);

// Decodes one frame of a watch.
DecodedFrame DecodeFrame(WatchFrame frame, const DecodeObject& decode);

}  // namespace coreflow::kube
