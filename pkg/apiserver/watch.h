#pragma once

#include <functional>
#include <memory>
#include <string>

#include "pkg/apiserver/failure.h"
#include "pkg/apiserver/route.h"
#include "pkg/apiserver/selector.h"
#include "pkg/apiserver/store.h"
#include "pkg/apiserver/view.h"
#include "pkg/base/time.h"

namespace coreflow::apiserver {

// One line of a watch.
struct WatchFrame {
  enum class Type { kAdded, kModified, kDeleted, kBookmark, kError };
  Type type = Type::kAdded;
  uint64_t rv = 0;
  json::Value object = {};
  VersionPtr version = {};  // whose object that is, as it is stored: they share its text. Null: a view made it

  // What the line says: {"type": …, "object": …}.
  json::Value Line() const;
  // The same as JSON, with its newline.
  std::string Text() const;
};

// How a watch was asked for.
struct WatchRequest {
  const Resource* resource = nullptr;
  std::string prefix = {};  // of the keys: "ns/", or empty for all
  Selector selector = {};
  int64_t rv = 0;
  bool all_first = true;   // what there is now comes first, as ADDED
  bool marks_all = false;  // and after it a bookmark that says so (a streaming list)
  bool bookmarks = false;
  View view = {};
  Duration timeout = std::chrono::minutes(45);
};
Outcome<WatchRequest> ParseWatchRequest(const Route& route, const View& view);

// The server's side of one open watch: turns changes into frames, in order, never an older one after a newer.
class Watch {
 public:
  using OnFrame = std::function<void(WatchFrame)>;
  // In good order, or by a broken connection.
  using OnEnd = std::function<void(bool in_order)>;

  Watch(WatchRequest request, OnFrame on_frame, OnEnd on_end)
      : request_(std::move(request)), on_frame_(std::move(on_frame)), on_end_(std::move(on_end)) {}

  const WatchRequest& request() const { return request_; }
  bool closed() const { return closed_; }

  // What is there now, and what has changed since the version that was asked for.
  void Begin(const Store& store);
  void Show(const Change& change);
  // Says how far the watch has come; only if bookmarks were asked for.
  void Bookmark(uint64_t rv);
  // 410 inside the stream, then its end.
  void Expire(uint64_t oldest);
  // Nothing comes after it. Idempotent.
  void End(bool in_order = true);

 private:
  void Send(WatchFrame::Type type, const VersionPtr& version);
  void SendBookmark(uint64_t rv, bool ends_all);

  WatchRequest request_;
  OnFrame on_frame_;
  OnEnd on_end_;
  bool closed_ = false;
};

// The object with only its metadata, as "as=PartialObjectMetadata" gives it.
json::Value OnlyMetadata(const json::Value& object);

}  // namespace coreflow::apiserver
