#include "pkg/apiserver/watch.h"

#include "pkg/apiserver/object.h"
#include "pkg/json/write.h"

namespace coreflow::apiserver {

namespace {

using Type = WatchFrame::Type;

const char* TypeName(Type type) {
  constexpr const char* kNames[] = {"ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR"};
  return kNames[static_cast<size_t>(type)];
}

std::vector<Cause> CheckOptions(const Route& route) {
  std::vector<Cause> causes;
  const std::string match = route.Get("resourceVersionMatch");
  const bool initial = route.query.contains("sendInitialEvents");
  if (initial && match != "NotOlderThan") {
    causes.push_back(ForbiddenField("resourceVersionMatch",
                                    "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
  }
  if (!match.empty() && !initial) {
    causes.push_back(ForbiddenField(
        "resourceVersionMatch", "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
  }
  if (!match.empty() && match != "NotOlderThan") {
    causes.push_back({"FieldValueNotSupported", "resourceVersionMatch",
                      "Unsupported value: \"" + match + "\": supported values: \"NotOlderThan\""});
  }
  return causes;
}

}  // namespace

Outcome<WatchRequest> ParseWatchRequest(const Route& route, const View& view) {
  const std::vector<Cause> causes = CheckOptions(route);
  if (!causes.empty()) return Invalid("meta.k8s.io", "ListOptions", "", causes);
  WatchRequest request{.resource = route.resource, .bookmarks = route.Is("allowWatchBookmarks"), .view = view};
  if (!route.name_space.empty()) request.prefix = route.name_space + "/";
  auto selector = Selector::Parse(*route.resource, route.Get("labelSelector"), route.Get("fieldSelector"));
  if (!selector) return selector.failure();
  request.selector = std::move(*selector);
  if (const std::string rv = route.Get("resourceVersion"); !rv.empty()) {
    request.rv = ParseDecimal(rv);
    if (request.rv < 0) return Failure{.code = 500, .message = "resourceVersion: Invalid value: \"" + rv + "\""};
  }
  const bool initial = route.query.contains("sendInitialEvents");
  request.marks_all = route.Is("sendInitialEvents") && request.bookmarks;
  request.all_first = initial ? route.Is("sendInitialEvents") : request.rv == 0;
  if (const int64_t seconds = ParseDecimal(route.Get("timeoutSeconds")); seconds > 0) {
    request.timeout = std::chrono::seconds(seconds);
  }
  return request;
}

json::Value WatchFrame::Line() const { return json::Object{{"object", object}, {"type", TypeName(type)}}; }

std::string WatchFrame::Text() const {
  const std::string made = version ? std::string() : json::Write(object);
  const std::string& shown = version ? version->Text() : made;
  std::string text;
  text.reserve(shown.size() + 40);
  text.append("{\"type\":\"").append(TypeName(type)).append("\",\"object\":").append(shown).append("}\n");
  return text;
}

void Watch::Begin(const Store& store) {
  if (request_.rv == 0 && !request_.all_first) request_.rv = static_cast<int64_t>(store.Current());
  if (request_.all_first) {
    const Store::Objects& objects = store.List(*request_.resource);
    for (auto it = objects.lower_bound(request_.prefix); it != objects.end(); ++it) {
      if (it->first.compare(0, request_.prefix.size(), request_.prefix) != 0) break;
      if (request_.selector.Matches(it->second->object())) Send(Type::kAdded, it->second);
    }
    if (request_.marks_all) SendBookmark(store.Current(), true);
    return;
  }
  const auto from = static_cast<uint64_t>(request_.rv);
  for (const Change& change : store.Since(*request_.resource, from)) Show(change);
}

void Watch::Show(const Change& change) {
  if (closed_ || change.resource != &request_.resource->Stored()) return;
  if (change.rv <= static_cast<uint64_t>(request_.rv)) return;
  if (change.key.compare(0, request_.prefix.size(), request_.prefix) != 0) return;
  const bool now = change.after && request_.selector.Matches(change.after->object());
  const bool before = change.before && request_.selector.Matches(change.before->object());
  if (now) return Send(before ? Type::kModified : Type::kAdded, change.after);
  if (!before) return;
  if (change.last) return Send(Type::kDeleted, change.last);
  // No longer selected: the body as it was, the version as it is now.
  Send(Type::kDeleted,
       std::make_shared<const Version>(
           Set(change.before->object(), {"metadata", "resourceVersion"}, std::to_string(change.rv)), change.rv));
}

void Watch::Send(Type type, const VersionPtr& version) {
  if (closed_) return;
  json::Value object = request_.view.Of(*request_.resource, version);
  const bool whole = request_.view.IsWhole(*request_.resource);
  on_frame_({type, version->rv(), std::move(object), whole ? version : nullptr});
}

void Watch::Bookmark(uint64_t rv) {
  if (closed_ || !request_.bookmarks || rv < static_cast<uint64_t>(request_.rv)) return;
  SendBookmark(rv, false);
}

void Watch::SendBookmark(uint64_t rv, bool ends_all) {
  json::Object metadata{{"resourceVersion", std::to_string(rv)}, {"creationTimestamp", nullptr}};
  if (ends_all) metadata["annotations"] = json::Object{{"k8s.io/initial-events-end", "true"}};
  const json::Value object = json::Object{{"kind", request_.resource->kind},
                                          {"apiVersion", request_.resource->ApiVersion()},
                                          {"metadata", std::move(metadata)}};
  on_frame_({Type::kBookmark, rv, object});
}

void Watch::Expire(uint64_t oldest) {
  if (closed_) return;
  const Failure expired =
      Expired("too old resource version: " + std::to_string(request_.rv) + " (" + std::to_string(oldest) + ")");
  on_frame_({Type::kError, 0, ToStatus(expired)});
  End();
}

void Watch::End(bool in_order) {
  if (closed_) return;
  closed_ = true;
  on_end_(in_order);
}

json::Value OnlyMetadata(const json::Value& object) {
  return json::Object{
      {"kind", "PartialObjectMetadata"}, {"apiVersion", "meta.k8s.io/v1"}, {"metadata", object["metadata"]}};
}

}  // namespace coreflow::apiserver
