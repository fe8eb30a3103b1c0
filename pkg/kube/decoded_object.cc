#include "pkg/kube/decoded_object.h"

#include <utility>

#include "pkg/kube/list_page.h"

namespace coreflow::kube {
namespace {

DecodedObject Decoded(SeenObject seen, const DecodeObject& decode) {
  DecodedObject out{.key = std::move(seen.key), .version = std::move(seen.version), .trouble = std::move(seen.trouble)};
  if (!out.trouble.empty()) return out;
  if (auto object = decode(seen.object)) {
    out.object = *std::move(object);
  } else {
    out.trouble = object.error().message.empty() ? "it can't be decoded" : object.error().message;
  }
  return out;
}

}  // namespace

Result<DecodedPage> DecodePage(std::string_view text, const json::Shape& shape, const DecodeObject& decode) {
  TRY(ListPage page, ReadListPage(text, shape));
  DecodedPage out{.resource_version = std::move(page.resource_version),
                  .continue_token = std::move(page.continue_token)};
  out.items.reserve(page.items.size());
  for (SeenObject& item : page.items) out.items.push_back(Decoded(std::move(item), decode));
  return out;
}

DecodedFrame DecodeFrame(WatchFrame frame, const DecodeObject& decode) {
  switch (frame.type) {
    case FrameType::kAdded:
    case FrameType::kModified: return {.type = frame.type, .object = Decoded(std::move(frame.seen), decode)};
    case FrameType::kError: return {.type = frame.type, .status = std::move(frame.seen.object)};
    case FrameType::kDeleted:
    case FrameType::kBookmark:
    case FrameType::kUnknown: break;
  }
  return {.type = frame.type,
          .object = {.key = std::move(frame.seen.key),
                     .version = std::move(frame.seen.version),
                     .trouble = std::move(frame.seen.trouble)}};
}

}  // namespace coreflow::kube
