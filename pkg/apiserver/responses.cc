#include "pkg/apiserver/responses.h"

#include "pkg/apiserver/object.h"
#include "pkg/apiserver/route.h"
#include "pkg/apiserver/watch.h"
#include "pkg/json/write.h"

namespace coreflow::apiserver {

http::Response JsonResponse(int status, std::string body) {
  body += '\n';
  return {.status = status,
          .headers = {{"content-type", "application/json"}, {"content-length", std::to_string(body.size())}},
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

http::Response ObjectResponse(int status, const Version& version, bool metadata_only) {
  return JsonResponse(status, metadata_only ? json::Write(OnlyMetadata(version.object())) : version.Text());
}

http::Response ListResponse(const Resource& resource, const Page& page, bool metadata_only) {
  json::Object metadata{{"resourceVersion", std::to_string(page.rv)}};
  if (!page.continue_token.empty()) metadata["continue"] = page.continue_token;
  if (page.remaining >= 0) metadata["remainingItemCount"] = page.remaining;
  const std::string kind = metadata_only ? "PartialObjectMetadataList" : std::string(resource.kind) + "List";
  const std::string api_version = metadata_only ? "meta.k8s.io/v1" : resource.ApiVersion();
  std::string body = "{\"kind\":" + json::Quote(kind) + ",\"apiVersion\":" + json::Quote(api_version) +
                     ",\"metadata\":" + json::Write(metadata) + ",\"items\":[";
  bool first = true;
  for (const VersionPtr& item : page.items) {
    if (!first) body += ',';
    first = false;
    body += metadata_only     ? json::Write(OnlyMetadata(item->object()))
            : resource.custom ? item->Text()
                              : item->ItemText();
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

Form FormOf(const http::Request& request) {
  std::string_view accepted;
  const std::string header = HeaderOf(request, "Accept");
  if (header.empty()) return Form::kFull;
  for (std::string_view rest = header; !rest.empty();) {
    const size_t comma = rest.find(',');
    accepted = rest.substr(0, comma);
    const bool json = accepted.find("application/json") != std::string_view::npos;
    if (json && accepted.find("as=PartialObjectMetadata") != std::string_view::npos) return Form::kMetadata;
    // Tables and other forms: the next alternative may be one we have.
    if (json && accepted.find("as=") == std::string_view::npos) return Form::kFull;
    if (accepted.find("*/*") != std::string_view::npos) return Form::kFull;
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  return Form::kNone;
}

}  // namespace coreflow::apiserver
