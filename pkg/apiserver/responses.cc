#include "pkg/apiserver/responses.h"

#include "pkg/apiserver/event_view.h"
#include "pkg/apiserver/object.h"
#include "pkg/json/write.h"

namespace coreflow::apiserver {

http::Response JsonResponse(int status, std::string body) {
  body += '\n';
  std::string size = std::to_string(body.size());
  return {.status = status,
          .headers = {{"content-type", "application/json"}, {"content-length", std::move(size)}},
          .body = std::move(body)};
}

http::Response FailureResponse(const Failure& failure) {
  http::Response response = JsonResponse(failure.code, json::Write(ToStatus(failure)));
  if (failure.retry_after_seconds > 0) response.headers["retry-after"] = std::to_string(failure.retry_after_seconds);
  return response;
}

http::Response PlainResponse(int status, std::string text) {
  return {.status = status, .headers = {{"content-type", "text/plain; charset=utf-8"}}, .body = std::move(text)};
}

http::Response ObjectResponse(int status, const Resource& resource, const VersionPtr& version, const View& view) {
  return JsonResponse(status, view.Text(resource, version));
}

namespace {

std::string ItemText(const Resource& resource, const VersionPtr& item) {
  if (!resource.stored_as) return item->ItemText();
  return json::Write(Unset(Unset(FromStored(resource, item->object()), {"kind"}), {"apiVersion"}));
}

}  // namespace

http::Response ListResponse(const Resource& resource, const Page& page, const View& view) {
  json::Object metadata{{"resourceVersion", std::to_string(page.rv)}};
  if (!page.continue_token.empty()) metadata["continue"] = page.continue_token;
  if (page.remaining >= 0) metadata["remainingItemCount"] = page.remaining;
  if (view.form == View::Form::kTable) {
    const Time now = view.loop->Now();
    return JsonResponse(200, json::Write(TableOf(resource, page.items, std::move(metadata), view.row_object, now)));
  }
  const bool metadata_only = view.form == View::Form::kMetadata;
  const std::string kind = metadata_only ? "PartialObjectMetadataList" : resource.kind + "List";
  const std::string api_version = metadata_only ? "meta.k8s.io/v1" : resource.ApiVersion();
  std::string body = "{\"kind\":" + json::Quote(kind) + ",\"apiVersion\":" + json::Quote(api_version) +
                     ",\"metadata\":" + json::Write(metadata) + ",\"items\":[";
  bool first = true;
  for (const VersionPtr& item : page.items) {
    if (!first) body += ',';
    first = false;
    body += metadata_only || resource.custom ? view.Text(resource, item) : ItemText(resource, item);
  }
  return JsonResponse(200, body + "]}");
}

http::Response DeletedResponse(const Resource& resource, const json::Value& object) {
  json::Object details{{"name", NameOf(object)}, {"kind", resource.plural}, {"uid", UidOf(object)}};
  if (!resource.group.empty()) details["group"] = resource.group;
  return JsonResponse(200, json::Write(json::Object{{"kind", "Status"},
                                                    {"apiVersion", "v1"},
                                                    {"metadata", json::Object{}},
                                                    {"status", "Success"},
                                                    {"details", std::move(details)}}));
}

}  // namespace coreflow::apiserver
