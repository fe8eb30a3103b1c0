#include "pkg/data/blob_route.h"

#include "pkg/api/names.h"
#include "pkg/artifact/reading.h"
#include "pkg/store/digest.h"

namespace coreflow::data {

namespace {

constexpr std::string_view kNamespaces = "/v1/namespaces/";
constexpr std::string_view kPods = "/pods/";
constexpr std::string_view kBlobs = "/blobs";
constexpr std::string_view kBlobsBelow = "/blobs/";

Error NoSuchPath() {
  return {
      .code = Code::kNotFound,
      .message =
          "there is only /v1/namespaces/NAMESPACE/pods/POD/blobs[/DIGEST] and /v1/namespaces/NAMESPACE/blobs/DIGEST"};
}
Error Bad(const char* what) { return {.code = Code::kInvalid, .message = what}; }

// What follows kNamespaces.
Result<BlobRoute> ParseReaderRoute(std::string_view target) {
  const size_t blobs = target.find(kBlobsBelow);
  if (blobs == std::string_view::npos) return NoSuchPath();
  BlobRoute route{.name_space = std::string(target.substr(0, blobs))};
  if (!api::IsDnsLabel(route.name_space)) return Bad("the path names no namespace");
  TRY(const store::Digest digest, store::Digest::Parse(target.substr(blobs + kBlobsBelow.size())));
  route.digest = digest.hex();
  return route;
}

}  // namespace

Result<BlobRoute> ParseBlobRoute(std::string_view target) {
  if (!target.starts_with(kNamespaces)) return NoSuchPath();
  target.remove_prefix(kNamespaces.size());
  const size_t pods = target.find(kPods);
  if (pods == std::string_view::npos) return ParseReaderRoute(target);
  const size_t blobs = target.rfind(kBlobs);
  if (blobs == std::string_view::npos || blobs < pods + kPods.size()) return NoSuchPath();
  BlobRoute route{.name_space = std::string(target.substr(0, pods)),
                  .pod = std::string(target.substr(pods + kPods.size(), blobs - pods - kPods.size()))};
  std::string_view rest = target.substr(blobs + kBlobs.size());
  if (!rest.empty() && !rest.starts_with('/')) return NoSuchPath();
  if (!api::IsDnsLabel(route.name_space)) return Bad("the path names no namespace");
  if (!api::IsDnsSubdomain(route.pod)) return Bad("the path names no pod");
  if (rest.empty()) return route;
  const auto digest = store::Digest::Parse(rest.substr(1));
  if (!digest) return digest.error();
  route.digest = digest->hex();
  return route;
}

std::string FormatBlobRoute(const BlobRoute& route) {
  if (route.pod.empty()) return artifact::ReaderPath(route.name_space, route.digest);
  std::string path(kNamespaces);
  path += route.name_space;
  path += kPods;
  path += route.pod;
  path += kBlobs;
  if (!route.digest.empty()) path += "/" + route.digest;
  return path;
}

}  // namespace coreflow::data
