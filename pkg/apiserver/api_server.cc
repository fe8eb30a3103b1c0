#include "pkg/apiserver/api_server.h"

#include <algorithm>

#include "pkg/apiserver/discovery.h"
#include "pkg/apiserver/listing.h"
#include "pkg/apiserver/object.h"
#include "pkg/apiserver/openapi.h"
#include "pkg/apiserver/protobuf.h"
#include "pkg/apiserver/responses.h"
#include "pkg/apiserver/write_request.h"
#include "pkg/json/parse.h"

namespace coreflow::apiserver {

namespace {

constexpr size_t kBodyLimit = size_t{3} * 1024 * 1024;
constexpr Duration kBookmarkEvery = std::chrono::minutes(1);

DeleteOptions FromQuery(const Route& route) {
  DeleteOptions options;
  if (const int64_t seconds = ParseDecimal(route.Get("gracePeriodSeconds")); seconds >= 0) {
    options.grace_period_seconds = seconds;
  }
  options.propagation = route.Get("propagationPolicy");
  options.dry_run = route.Get("dryRun") == "All";
  return options;
}

http::Response Answer(Outcome<http::Response> outcome) {
  return outcome ? std::move(*outcome) : FailureResponse(outcome.failure());
}

}  // namespace

ApiServer::ApiServer(Registry& registry, Loop& loop) : registry_(registry), loop_(loop) {
  registry_.store().Observe([this, alive = std::weak_ptr<bool>(alive_)](const Change& change) {
    if (!alive.expired()) OnChange(change);
  });
}

bool ApiServer::IsWatch(const http::Request& request) {
  if (request.method != "GET") return false;
  const auto route = ParseRoute(request.target);
  return route && route->name.empty() && route->Is("watch");
}

http::Response ApiServer::Handle(const http::Request& request, uint64_t stale_by) {
  if (auto said = Discover(request)) return *std::move(said);
  if (auto said = ServeOpenApi(request)) return *std::move(said);
  const auto route = ParseRoute(request.target);
  if (!route) return FailureResponse(route.failure());
  const auto view = ViewOf(request, *route, loop_);
  if (!view) return FailureResponse(view.failure());
  return Answer(request.method == "GET" ? Read(*route, *view, stale_by) : Write(request, *route, *view));
}

Outcome<http::Response> ApiServer::Read(const Route& route, const View& view, uint64_t stale_by) {
  const Store& store = registry_.store();
  const Resource& resource = *route.resource;
  if (route.name.empty()) {
    const auto page = ListPage(store, route, stale_by);
    if (!page) return page.failure();
    return ListResponse(resource, *page, view);
  }
  if (route.Is("watch")) return NotImplemented("watches of a name; a field selector does it");
  const std::string key = KeyOf(resource, route.name_space, route.name);
  VersionPtr found = store.Get(resource, key);
  if (route.Get("resourceVersion") == "0" && stale_by > 0) {
    const uint64_t past = std::max(store.Compacted(), store.Current() - std::min(store.Current(), stale_by));
    const Store::Objects then = store.ListAt(resource, past).value_or(Store::Objects{});
    const auto it = then.find(key);
    found = it == then.end() ? nullptr : it->second;
  }
  if (!found) return NotFound(resource, route.name);
  return ObjectResponse(200, resource, found, view);
}

Outcome<http::Response> ApiServer::Write(const http::Request& request, const Route& route, const View& view) {
  if (request.body.size() > kBodyLimit) {
    return Failure{
        .code = 413, .reason = "RequestEntityTooLarge", .message = "Request entity too large: limit is 3145728"};
  }
  const bool collection = route.name.empty();
  const bool writes = (request.method == "POST" && collection) ||
                      ((request.method == "PUT" || request.method == "PATCH") && !collection);
  if (writes) return WriteRequest(registry_, request, route, view).Answer();
  if (request.method == "DELETE" && route.subresource.empty()) return Delete(request, route, view);
  return MethodNotAllowed(request.method, *route.resource);
}

Outcome<http::Response> ApiServer::Delete(const http::Request& request, const Route& route, const View& view) {
  const WriteOptions options{.agent = HeaderOf(request, "User-Agent")};
  DeleteOptions how = FromQuery(route);
  if (!request.body.empty()) {
    const auto body = MediaTypeOf(request) == kProtobuf ? FromProtobuf(request.body) : json::Parse(request.body);
    if (!body) return BadRequest(body.error().message);
    auto parsed = ParseDeleteOptions(*body);
    if (!parsed) return parsed.failure();
    how = std::move(*parsed);
  }
  if (route.name.empty()) return DeleteCollection(route, how, options);
  const auto deleted = registry_.Delete(*route.resource, route.name_space, route.name, how, options);
  if (!deleted) return deleted.failure();
  // What only waits for its finalizers is returned; so is every pod.
  if (!deleted->gone || route.resource->returns_deleted)
    return ObjectResponse(200, *route.resource, deleted->object, view);
  return DeletedResponse(*route.resource, deleted->object->object());
}

Outcome<http::Response> ApiServer::DeleteCollection(const Route& route, const DeleteOptions& how,
                                                    const WriteOptions& options) {
  const auto page = ListPage(registry_.store(), route, 0);
  if (!page) return page.failure();
  for (const VersionPtr& item : page->items) {
    const json::Value& object = item->object();
    const auto deleted = registry_.Delete(*route.resource, NamespaceOf(object), NameOf(object), how, options);
    if (!deleted && deleted.failure().code != 404) return deleted.failure();
  }
  return ListResponse(*route.resource, *page, {});
}

Outcome<std::shared_ptr<Watch>> ApiServer::Open(const http::Request& request, Watch::OnFrame on_frame,
                                                Watch::OnEnd on_end) {
  const auto route = ParseRoute(request.target);
  if (!route) return route.failure();
  const auto view = ViewOf(request, *route, loop_);
  if (!view) return view.failure();
  auto parsed = ParseWatchRequest(*route, *view);
  if (!parsed) return parsed.failure();
  auto watch = std::make_shared<Watch>(std::move(*parsed), std::move(on_frame), std::move(on_end));
  const uint64_t floor = std::max(watch_floor_, registry_.store().Compacted());
  const WatchRequest& wanted = watch->request();
  if (!wanted.all_first && wanted.rv > 0 && static_cast<uint64_t>(wanted.rv) < floor) {
    watch->Expire(floor);
    return watch;
  }
  watch->Begin(registry_.store());
  std::erase_if(watches_, [](const std::weak_ptr<Watch>& other) { return other.expired(); });
  watches_.push_back(watch);
  KeepBookmarking(watch);
  // A last bookmark shortly before the end saves the next watch from catching up.
  loop_.After(std::max(wanted.timeout - std::chrono::seconds(2), Duration(0)),
              [this, weak = std::weak_ptr(watch), alive = std::weak_ptr<bool>(alive_)] {
                auto open = weak.lock();
                if (open && !alive.expired()) open->Bookmark(registry_.store().Current());
              });
  loop_.After(wanted.timeout, [weak = std::weak_ptr(watch)] {
    if (auto open = weak.lock()) open->End();
  });
  return watch;
}

void ApiServer::KeepBookmarking(const std::weak_ptr<Watch>& watch) {
  loop_.After(kBookmarkEvery, [this, watch, alive = std::weak_ptr<bool>(alive_)] {
    auto open = watch.lock();
    if (!open || open->closed() || alive.expired()) return;
    open->Bookmark(registry_.store().Current());
    KeepBookmarking(watch);
  });
}

void ApiServer::OnChange(const Change& change) {
  for (size_t i = 0; i < watches_.size(); ++i) {
    if (auto watch = watches_[i].lock()) watch->Show(change);
  }
}

void ApiServer::Restart(Duration down) {
  down_until_ = loop_.Monotonic() + down;
  watch_floor_ = registry_.store().Current();
  std::vector<std::weak_ptr<Watch>> watches = std::move(watches_);
  watches_.clear();
  for (const std::weak_ptr<Watch>& weak : watches) {
    if (auto watch = weak.lock()) watch->End(false);
  }
}

}  // namespace coreflow::apiserver
